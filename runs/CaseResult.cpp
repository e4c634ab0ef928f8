#include "runs/CaseResult.hpp"

#include <algorithm>

namespace loopsim {

std::vector<std::string> all_warnings(const CaseResult& result, const Provenance& provenance) {
  std::vector<std::string> all;
  auto append = [&all](const std::vector<std::string>& some) {
    for (const std::string& warning : some) {
      if (std::find(all.begin(), all.end(), warning) == all.end()) all.push_back(warning);
    }
  };
  append(provenance.warnings);
  append(result.estimate.warnings);
  for (const ModelResult& model : result.models) append(model.estimate.warnings);
  if (result.measurement) append(result.measurement->warnings);
  return all;
}

bool agrees(const CaseResult& result) {
  if (result.comparison && result.comparison->unexplained()) return false;
  const auto& measurement = result.measurement;
  return !measurement || !measurement->functional || measurement->functional->mismatches == 0;
}

}  // namespace loopsim
