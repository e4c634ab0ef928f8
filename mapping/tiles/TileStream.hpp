#pragma once

#include <memory>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Tile inference: yields, in row-major order of all indices (temporal, spatial, branch), the iterations of the loops
/// above a position of the tree, with the operations that each wanted einsum executes in that iteration.
///
/// A loop tiles its group's head: index = (r - lo) / tile shape, lo = least r of the current tile, last tile cut,
/// iterations without operations left out. The other einsums of the group are inferred backwards at every branch:
/// required words of what the consumers read, minus what the prior iterations left in the buffer, gives the producer's
/// operations (LoopTree, rules R1, R2 and section 2.1; several consumers unite). Nothing is kept but the current
/// iteration and, for each intermediate, the words of the prior ones.
class TileStream {
 public:
  /// The position is above `position` itself: the loops that count are its ancestors.
  TileStream(const BoundTree& tree, NodeId position, const std::vector<EinsumId>& wanted);
  TileStream(TileStream&&) noexcept;
  TileStream& operator=(TileStream&&) noexcept;
  ~TileStream();

  /// Advances to the next iteration (the first call: to the first). False at the end.
  bool next();

  /// Nodes that the indices belong to, from the root down.
  const std::vector<NodeId>& index_nodes() const;
  /// Current index of each of them.
  const std::vector<Coordinate>& indices() const;
  /// Operations of a wanted einsum in the current iteration; may be empty.
  const PointSet& operations(EinsumId einsum) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace loopsim
