#include "comparison/ModelComparison.hpp"

#include <utility>

namespace loopsim {

std::vector<ModelFigure> compare_model(const BoundTree& tree, const Estimate& estimate,
                                       const Measurement& measurement) {
  std::vector<ModelFigure> figures;
  const auto add = [&figures](std::string metric, const auto& estimated, const auto simulated) {
    if (estimated)
      figures.push_back({std::move(metric), static_cast<Amount>(*estimated), static_cast<Amount>(simulated)});
  };
  add("cycles", estimate.cycles, measurement.cycles);
  add("macs", estimate.macs, measurement.macs);
  add("energy_pj", estimate.energy_pj, measurement.energy_pj);
  for (std::size_t i = 0; i < estimate.levels.size(); ++i) {
    const LevelId level(i);
    const std::string& name = level_name(tree.architecture, level);
    const LevelEstimate& words = estimate.levels[level];
    std::int64_t fills = 0;
    for (const AccessMeasures& access : measurement.measures.accesses) {
      if (access.level == level) fills += access.fills;
    }
    add("reads:" + name, words.reads, measurement.measures.levels[level].reads);
    add("writes:" + name, words.writes, measurement.measures.levels[level].writes);
    add("fills:" + name, words.fills, fills);
    add("required_words:" + name, words.required_words, measurement.levels[level].peak_words);
  }
  return figures;
}

}  // namespace loopsim
