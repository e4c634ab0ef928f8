#pragma once

#include <string>
#include <vector>

#include "models/tree/BoundTree.hpp"
#include "report/CaseResult.hpp"
#include "report/HostDocument.hpp"
#include "report/OutputFolder.hpp"

namespace loopsim {

/// The files of a case, in the order in which they are written.
std::vector<std::string> case_file_names();

/// stats.json, stats.csv, resolved.yaml and host.json. Only the last depends on when and where the case ran.
std::vector<OutputFile> case_files(const BoundTree& tree, const CaseResult& result, const std::string& stats_json,
                                   const std::string& resolved_yaml, const HostMeasures& host);

}  // namespace loopsim
