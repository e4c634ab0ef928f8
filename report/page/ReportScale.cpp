#include "report/page/ReportScale.hpp"

#include <algorithm>

namespace loopsim {

ReportScale scale_of(const std::vector<RunFolder>& runs) {
  ReportScale scale;
  scale.runs = runs.size();
  for (const RunFolder& run : runs) {
    for (const char* side : {"estimate", "simulation"}) {
      if (!run.stats.contains(side)) continue;
      scale.most_cycles = std::max(scale.most_cycles, run.stats[side].at("cycles").get<std::int64_t>());
      scale.most_energy_pj = std::max(scale.most_energy_pj, run.stats[side].at("energy_pj").get<double>());
    }
  }
  return scale;
}

}  // namespace loopsim
