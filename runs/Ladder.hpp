#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runs/RungResult.hpp"

namespace loopsim {

/// One rung and what it adds to the one below; the lowest, to the estimate.
struct LadderRung {
  Fidelity rung = Fidelity::ideal;
  bool only = false;  ///< of the rung's effects just the one that it adds
  std::int64_t cycles = 0;
  std::int64_t added = 0;             ///< cycles; negative where more detail is faster
  std::vector<BridgeEntry> causes;    ///< changes of the bridge's entries, without zeros; they sum to `added`
  std::optional<std::int64_t> alone;  ///< cycles that its effect adds to the rung `ideal` when it is the only one
};

struct Ladder {
  std::int64_t estimate = 0;  ///< cycles
  std::vector<LadderRung> rungs;
};

/// The simulations that a ladder is made from.
struct LadderPlan {
  std::vector<SimulationOptions> rungs;  ///< the ladder, lowest first
  std::vector<SimulationOptions> alone;  ///< single effects, for LadderRung::alone
};

/// Every rung that this build models, and their effects one by one where no rung has just that.
LadderPlan full_ladder(bool functional);
/// The rung `ideal`, and on it one effect.
LadderPlan ladder_of_one(Fidelity effect, bool functional);

/// `rungs` and `alone` are the results of a plan in its order, `estimate` the cycles that each of them was compared
/// with.
Ladder build_ladder(std::int64_t estimate, const std::vector<RungResult>& rungs, const std::vector<RungResult>& alone);

}  // namespace loopsim
