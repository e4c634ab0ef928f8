#include "runs/Ladder.hpp"

#include <algorithm>

#include "arch/FidelityName.hpp"

namespace loopsim {
namespace {

bool same(const Effects& a, const Effects& b) {
  return a.bandwidth == b.bandwidth && a.dram == b.dram && a.glb == b.glb && a.noc == b.noc;
}

/// A rung whose only effect is the one that it adds: its simulation is that of the effect alone.
bool has_one_effect(Fidelity rung) {
  return same(effects_of(rung), only_effect_of(rung));
}

SimulationOptions simulation_of(Fidelity rung, bool only, bool functional) {
  SimulationOptions options;
  options.fidelity = rung;
  options.only = only;
  options.functional = functional;
  return options;
}

/// What `upper` has more than `lower`, in the order of `upper`, then what only `lower` has.
std::vector<BridgeEntry> changes(const std::vector<BridgeEntry>& lower, const std::vector<BridgeEntry>& upper) {
  std::vector<BridgeEntry> all = upper;
  for (const BridgeEntry& entry : lower) {
    const auto known =
        std::find_if(all.begin(), all.end(), [&entry](const BridgeEntry& other) { return other.cause == entry.cause; });
    if (known == all.end()) {
      all.push_back({entry.cause, -entry.cycles});
    } else {
      known->cycles -= entry.cycles;
    }
  }
  all.erase(std::remove_if(all.begin(), all.end(), [](const BridgeEntry& entry) { return entry.cycles == 0; }),
            all.end());
  return all;
}

std::optional<std::int64_t> cycles_alone(Fidelity rung, const std::vector<RungResult>& rungs,
                                         const std::vector<RungResult>& alone) {
  for (const RungResult& result : alone) {
    if (result.rung == rung) return result.cycles;
  }
  for (const RungResult& result : rungs) {
    if (result.rung == rung && (result.only || has_one_effect(rung))) return result.cycles;
  }
  return std::nullopt;
}

}  // namespace

LadderPlan full_ladder(bool functional) {
  LadderPlan plan;
  for (const Fidelity rung : all_rungs()) {
    plan.rungs.push_back(simulation_of(rung, false, functional));
    if (!has_one_effect(rung)) plan.alone.push_back(simulation_of(rung, true, functional));
  }
  return plan;
}

LadderPlan ladder_of_one(Fidelity effect, bool functional) {
  return {{simulation_of(Fidelity::ideal, false, functional), simulation_of(effect, true, functional)}, {}};
}

Ladder build_ladder(std::int64_t estimate, const std::vector<RungResult>& rungs, const std::vector<RungResult>& alone) {
  Ladder ladder;
  ladder.estimate = estimate;
  std::int64_t below = estimate;
  std::vector<BridgeEntry> bridge_below;
  for (const RungResult& result : rungs) {
    LadderRung rung;
    rung.rung = result.rung;
    rung.only = result.only;
    rung.cycles = result.cycles;
    rung.added = result.cycles - below;
    rung.causes = changes(bridge_below, result.bridge);
    const auto cycles = cycles_alone(result.rung, rungs, alone);
    if (result.rung != Fidelity::ideal && cycles) rung.alone = *cycles - rungs.front().cycles;
    ladder.rungs.push_back(std::move(rung));
    below = result.cycles;
    bridge_below = result.bridge;
  }
  return ladder;
}

}  // namespace loopsim
