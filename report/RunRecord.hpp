#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace loopsim {

/// What the last run into a folder has written there, by its own account in host.json: paths within the folder. Empty
/// if there is no such account.
std::vector<std::string> files_of_earlier_run(const std::filesystem::path& folder);

}  // namespace loopsim
