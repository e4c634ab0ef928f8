#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/Ids.hpp"

namespace loopsim {

/// What the estimate and the simulation both report, each from its own counting (`common` in docs/output.md).
/// Counts are words, totals over all instances; occupancies are words of one instance.

struct EinsumMeasures {
  std::int64_t ops = 0;
  std::int64_t space_ops = 0;                ///< |operation space|
  std::int64_t distinct_ops = 0;             ///< |union of the tiles|
  std::int64_t steps = 0;                    ///< temporal steps
  std::vector<std::int64_t> ops_per_tile;    ///< over the loops above the outermost branch, spatial ones included
  std::vector<std::int64_t> steps_per_tile;  ///< the same, temporal ones only
};

/// One tensor, at one storage node (or at the compute level), as used by one einsum.
struct AccessMeasures {
  LevelId level;
  TensorId tensor;
  EinsumId einsum;
  int node = 0;  ///< BoundNode::ordinal; 0 at the compute level
  std::int64_t reads = 0;
  std::int64_t writes = 0;
  std::int64_t fills = 0;
  std::int64_t parent_reads = 0;
  std::int64_t peer = 0;
  std::int64_t max_occupancy = 0;
  std::optional<std::vector<std::int64_t>> fill_series;
  std::optional<std::vector<std::int64_t>> occupancy_series;
};

struct LevelMeasures {
  std::int64_t reads = 0;
  std::int64_t writes = 0;
};

struct EnergyMeasure {
  std::string component;
  std::string action;  ///< read, write, leak, or the operation's name
  std::optional<TensorId> tensor;
  std::optional<EinsumId> einsum;
  std::int64_t count = 0;  ///< actions
  double pj = 0;
};

struct Measures {
  IdVector<EinsumId, EinsumMeasures> einsums;
  IdVector<LevelId, LevelMeasures> levels;  ///< memories, outermost first
  std::vector<AccessMeasures> accesses;     ///< by level, tree order, tensor
  std::vector<EnergyMeasure> energy;
};

/// A series longer than this is not reported.
constexpr std::size_t longest_series = 65'536;

}  // namespace loopsim
