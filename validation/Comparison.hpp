#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/looptree/Estimate.hpp"
#include "sim/Measurement.hpp"

namespace loopsim {

enum class Verdict { equal, explained, unexplained };
const char* to_string(Verdict verdict);

/// Counts and energies alike: holds every count of 64 bits exactly, which a double does not.
using Amount = long double;

struct Cause {
  std::string name;   ///< from the closed list in docs/comparison.md
  Amount amount = 0;  ///< signed; integers but for energy
};

/// One metric of the estimate beside the simulation's.
struct ComparisonEntry {
  std::string metric;  ///< "cycles", "energy_pj", "reads:0/Fmap1/Conv1", …
  Amount estimate = 0;
  Amount simulation = 0;
  Verdict verdict = Verdict::equal;
  std::vector<Cause> causes;

  Amount delta() const { return simulation - estimate; }
};

struct BridgeEntry {
  std::string cause;
  std::int64_t cycles = 0;
};

struct Comparison {
  std::vector<ComparisonEntry> entries;
  /// estimate.cycles + sum of cycles == simulation.cycles
  std::vector<BridgeEntry> bridge;

  bool unexplained() const;
};

Comparison compare(const BoundTree& tree, const Estimate& estimate, const Measurement& measurement);

}  // namespace loopsim
