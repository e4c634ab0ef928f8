#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace loopsim {

/// Removes the traces that an earlier run left in a folder, by the names that traces have, so that a folder does not
/// mix runs; and what runs that were ended at once have left half written. Returns the names of the former, sorted.
std::vector<std::string> remove_earlier_traces(const std::filesystem::path& folder);

}  // namespace loopsim
