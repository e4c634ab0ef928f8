#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

}  // namespace loopsim
