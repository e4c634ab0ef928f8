#include "report/CaseFiles.hpp"

#include <utility>

namespace loopsim {

std::vector<std::string> case_file_names() {
  return {"stats.json", "stats.csv", "resolved.yaml", "host.json"};
}

std::vector<OutputFile> case_files(std::string stats_json, std::string stats_csv, std::string resolved_yaml,
                                   std::string host_json) {
  return {{"stats.json", std::move(stats_json)},
          {"stats.csv", std::move(stats_csv)},
          {"resolved.yaml", std::move(resolved_yaml)},
          {"host.json", std::move(host_json)}};
}

}  // namespace loopsim
