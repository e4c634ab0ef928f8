#pragma once

#include <cstdint>
#include <vector>

#include "sim/noc/MeshExtent.hpp"
#include "sim/schedule/Schedule.hpp"

namespace loopsim {

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
