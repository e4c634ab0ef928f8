#pragma once

#include <map>
#include <optional>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Which loops change what the instances of one einsum's program execute. A loop tiles the head of its group, and tiles
/// of the other einsums are inferred, so that this is not in the text of the tree but in the tile operations.
class LoopChanges {
 public:
  /// `loops`: the indices above the cut, from the root down; `nodes`: those of the program.
  LoopChanges(const BoundTree& tree, EinsumId einsum, std::vector<NodeId> loops, std::vector<NodeId> nodes);

  /// The next tile operation of one instance above the cut; `indices` belong to `loops` and ascend.
  void visit(const std::vector<Coordinate>& indices, const PointSet& operations);
  /// No further operation can tell anything new about `ranks`.
  bool settled(const std::vector<std::size_t>& ranks) const;

  /// Of each node of the program: a temporal loop that has a second iteration in some tile operation.
  const std::vector<bool>& iterates() const { return iterates_; }
  /// By rank: the innermost temporal loop above the cut with which an instance's coordinates change (R5).
  std::vector<std::optional<NodeId>> innermost() const;

 private:
  /// What one rank's coordinates were when the loops from `position` on began, by instance.
  struct Begun {
    std::size_t position = 0;
    std::vector<Coordinate> outer;  ///< the indices above
    std::map<std::vector<Coordinate>, std::vector<IntervalSet>> coordinates;
  };

  void note_iterations(const PointSet& operations);
  void compare(Begun& begun, const std::vector<Coordinate>& indices, const std::vector<IntervalSet>& coordinates);

  const BoundTree& tree_;
  std::vector<NodeId> loops_;
  std::vector<NodeId> nodes_;
  std::size_t ranks_ = 0;
  std::vector<bool> iterates_;
  std::vector<Begun> begun_;                              ///< of each temporal loop, from the root down
  std::vector<std::optional<std::size_t>> changes_with_;  ///< by rank: position in `loops`
};

}  // namespace loopsim
