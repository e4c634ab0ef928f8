#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "mapping/Measures.hpp"
#include "models/looptree/LayoutSlowdown.hpp"

namespace loopsim {

/// Figures of LoopTree's closed-form model of a mapping: all that it has, which is more than other models do
/// (Estimate). Assumes ideal layout, no DRAM timing and no contention.
struct LoopTreeEstimate {
  Measures measures;
  std::int64_t cycles = 0;  ///< max(compute_cycles, memory_cycles)
  std::int64_t compute_cycles = 0;
  std::int64_t sequential_steps = 0;              ///< as if nothing overlapped
  std::optional<std::int64_t> hidden_steps;       ///< overlapped by pipelines; nothing without a pipeline
  std::optional<std::int64_t> unlimited_steps;    ///< pipeline latency with unlimited run-ahead
  IdVector<LevelId, std::int64_t> memory_cycles;  ///< by the port formula, rounded up
  std::string bound_by;                           ///< "compute" or a level's name
  std::int64_t macs = 0;                          ///< operations of all einsums
  double energy_pj = 0;
  IdVector<LevelId, std::int64_t> required_words;  ///< capacity, by LoopTree's rule R9
  std::vector<LayoutSlowdown> layout;              ///< what layouts cost in banks; not part of `cycles`
  std::vector<std::string> warnings;               ///< e.g. a series that was too long
};

LoopTreeEstimate estimate(const BoundTree& tree);

}  // namespace loopsim
