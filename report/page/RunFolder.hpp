#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "report/page/RecordedTimeline.hpp"

namespace loopsim {

/// What a run left in a folder (docs/output.md).
struct RunFolder {
  std::string name;  ///< as given
  nlohmann::ordered_json stats;
  std::optional<BoundTree> tree;             ///< of resolved.yaml; nothing without that file
  std::optional<RecordedTimeline> timeline;  ///< of trace.json, likewise
};

/// Reads `stats.json` and, where they are there, `resolved.yaml` and `trace.json`. Throws InputError with what is wrong
/// in any of the folders, MissingInputError if a folder or its stats.json is not there.
std::vector<RunFolder> read_run_folders(const std::vector<std::string>& folders);

}  // namespace loopsim
