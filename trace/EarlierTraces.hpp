#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace loopsim {

/// Files in a folder that have the names of traces ("trace.json", "rtl/check.v"), each with the numbers of its device
/// and of itself there, so that one that took another's place is told from it.
using TraceFiles = std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>;
TraceFiles trace_files(const std::filesystem::path& folder);

/// Those of `now` that were not there before.
std::vector<std::string> new_traces(const TraceFiles& before, const TraceFiles& now);

/// Whether a file of this name, within a folder, may be a trace's.
bool is_trace_name(const std::string& name);

/// Removes the traces that an earlier run left in a folder, so that a folder does not mix runs: of the files that this
/// run has listed those that have the names of traces. Returns them, sorted.
std::vector<std::string> remove_earlier_traces(const std::filesystem::path& folder,
                                               const std::vector<std::string>& listed);

/// Removes what runs that were ended at once have left half written. For before this process writes traces there.
void remove_abandoned_traces(const std::filesystem::path& folder);

}  // namespace loopsim
