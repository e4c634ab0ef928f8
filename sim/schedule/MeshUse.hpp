#pragma once

#include <cstdint>
#include <vector>

#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// PEs that spatial loops unroll over: columns along mesh axis 0, rows along axis 1.
struct MeshExtent {
  std::int64_t columns = 1;
  std::int64_t rows = 1;
};

/// The most PEs each einsum uses in any of its tile operations.
class MeshUse {
 public:
  MeshUse(const BoundTree& tree, const Schedule& schedule);
  void visit(const TileOperation& operation);

  const MeshExtent& of(LeafIndex leaf) const { return extents_[leaf]; }

  /// Children of a pipeline lie side by side, children of a sequential share the array.
  MeshExtent below(NodeId node) const;

 private:
  const BoundTree* tree_;
  const Schedule* schedule_;
  std::vector<MeshExtent> extents_;
};

}  // namespace loopsim
