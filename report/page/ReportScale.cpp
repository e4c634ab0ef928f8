#include "report/page/ReportScale.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace loopsim {

ReportScale scale_of(const std::vector<RunFolder>& runs) {
  ReportScale scale;
  scale.runs = runs.size();
  for (const RunFolder& run : runs) {
    if (run.stats.contains("simulation")) {
      const auto& simulation = run.stats["simulation"];
      const auto cycles = simulation.at("cycles").get<double>();
      const auto busy = simulation.at("noc").at("busy_cycles").get<double>();
      if (cycles > 0) scale.most_link_load = std::max(scale.most_link_load, busy / cycles);
    }
    for (const char* side : {"estimate", "simulation"}) {
      if (!run.stats.contains(side)) continue;
      scale.most_cycles = std::max(scale.most_cycles, run.stats[side].at("cycles").get<std::int64_t>());
      std::map<std::string, double> components;
      for (const auto& item : run.stats[side].at("energy")) {
        components[item.at("component")] += item.at("pj").get<double>();
      }
      for (const auto& [component, pj] : components) {
        scale.most_component_pj = std::max(scale.most_component_pj, pj);
      }
    }
  }
  return scale;
}

}  // namespace loopsim
