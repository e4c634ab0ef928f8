#pragma once

#include <map>
#include <optional>
#include <vector>

#include "sim/buffers/Holdings.hpp"

namespace loopsim {

/// Finds instances of a spatial loop that make the same sums one after the other in the one copy that they share: a
/// later one would add to what an earlier one has completed.
class InterleavedSums {
 public:
  InterleavedSums(const BoundTree& tree, const Schedule& schedule);

  /// A tile operation has retired.
  void visit(const TileOperation& operation, const Plan& plan);
  /// The storage node of the first such copy, if there is one.
  std::optional<HoldingNode> found() const { return found_; }

 private:
  std::vector<bool> several_;  ///< by leaf: spatial loops lie above the tile operations
  std::vector<HoldingNode> nodes_;
  std::map<std::pair<HoldingIndex, Place>, PointSet> complete_;
  std::optional<HoldingNode> found_;
};

}  // namespace loopsim
