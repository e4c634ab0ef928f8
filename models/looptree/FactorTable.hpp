#pragma once

#include <cstdint>
#include <vector>

#include "models/looptree/Factor.hpp"

namespace loopsim {

/// The coordinates of a factor's ranks in one tile, moved to start at 0, and what of its dimension exists, relative to
/// the first word. Tiles that differ by a translation have the same shape.
struct FactorShape {
  std::vector<IntervalSet> ranges;   ///< of each rank
  std::vector<IntervalSet> longest;  ///< the same of the instance that has all moments of its neighbours as well
  std::optional<IntervalSet> extent;

  friend bool operator==(const FactorShape& a, const FactorShape& b) {
    return a.ranges == b.ranges && a.longest == b.longest && a.extent == b.extent;
  }
};

/// Words of one factor at every moment, instance and lane.
struct FactorTable {
  /// Indices packed into one number each, sorted.
  std::vector<std::uint64_t> times;
  std::vector<std::uint64_t> instances;
  std::vector<std::uint64_t> lanes;
  /// By time, instance, lane.
  std::vector<IntervalSet> words;
  std::vector<char> exists;

  std::size_t cell(std::size_t time, std::size_t instance, std::size_t lane) const {
    return (time * instances.size() + instance) * lanes.size() + lane;
  }

  std::int64_t most_words = 0;       ///< of one cell
  std::int64_t cells = 0;            ///< that exist
  std::int64_t most_instances = 0;   ///< instances and lanes at work at one moment
  std::int64_t most_parents = 0;     ///< instances alone
};

FactorTable factor_table(const BoundTree& tree, const Factor& factor, const FactorShape& shape);

/// Do the words depend on the index of a loop of the factor, or of loops further in that are already known not to
/// matter? Only cells that exist are compared.
bool depends_on_loops_from(const Factor& factor, const FactorTable& table, std::size_t depth);

}  // namespace loopsim
