#pragma once

#include <string>
#include <vector>

#include "runs/OutputFolder.hpp"

namespace loopsim {

/// The files of a case, in the order in which they are written.
std::vector<std::string> case_file_names();

/// stats.json, stats.csv, resolved.yaml and host.json. Only the last depends on when and where the case ran.
std::vector<OutputFile> case_files(std::string stats_json, std::string stats_csv, std::string resolved_yaml,
                                   std::string host_json);

}  // namespace loopsim
