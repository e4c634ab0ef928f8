#include "report/CaseFiles.hpp"

#include <optional>

#include "report/JsonText.hpp"
#include "report/StatsCsv.hpp"

namespace loopsim {

std::vector<std::string> case_file_names() {
  return {"stats.json", "stats.csv", "resolved.yaml", "host.json"};
}

std::vector<OutputFile> case_files(const BoundTree& tree, const CaseResult& result, const std::string& stats_json,
                                   const std::string& resolved_yaml, const HostMeasures& host) {
  std::optional<SimulatedWork> work;
  if (result.measurement) work = SimulatedWork{result.measurement->cycles, result.measurement->macs};
  return {{"stats.json", stats_json},
          {"stats.csv", stats_csv(tree, result)},
          {"resolved.yaml", resolved_yaml},
          {"host.json", json_text(host_document(host, work))}};
}

}  // namespace loopsim
