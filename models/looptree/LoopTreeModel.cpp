#include "models/looptree/LoopTreeModel.hpp"

#include "base/CheckedMath.hpp"

namespace loopsim {

AnalyticalModel looptree_model() {
  return {"looptree",
          {"transfers overlap computing perfectly over the whole run",
           "memories deliver their bandwidth at any moment: no DRAM timing, bank conflicts or contention",
           "a network takes no time and no energy", "an access moves one word, whatever its width",
           "a buffer holds the tiles at work and none that are fetched ahead"},
          [](const BoundTree& tree) { return shared_figures(estimate(tree)); }};
}

Estimate shared_figures(const LoopTreeEstimate& estimate) {
  Estimate shared;
  shared.cycles = estimate.cycles;
  shared.compute_cycles = estimate.compute_cycles;
  shared.macs = estimate.macs;
  shared.energy_pj = estimate.energy_pj;
  shared.warnings = estimate.warnings;
  IdVector<LevelId, std::int64_t> fills(estimate.memory_cycles.size());
  for (const AccessMeasures& access : estimate.measures.accesses) {
    if (access.level.value >= fills.size()) continue;  // the compute level
    fills[access.level] = checked_add(fills[access.level], access.fills);
  }
  for (std::size_t i = 0; i < fills.size(); ++i) {
    const LevelId level(i);
    const LevelMeasures& words = estimate.measures.levels[level];
    shared.levels.push_back(
        {estimate.memory_cycles[level], words.reads, words.writes, fills[level], estimate.required_words[level]});
  }
  return shared;
}

}  // namespace loopsim
