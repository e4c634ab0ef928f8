#pragma once

#include <optional>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// What an index of the iteration vector is to the occupancy of one buffer.
enum class IndexRole {
  time,      ///< temporal loop or sequential branch: iterates
  stage,     ///< pipeline branch: constant for one einsum, but never dropped
  instance,  ///< spatial loop of an upper level: tells instances apart that each read from a parent of their own
  lane,      ///< spatial loop of the buffer's own level: its instances share the reads of their parent
  merged,    ///< temporal loop below the tensor's storage node: its iterations unite
};

struct PathIndex {
  NodeId node;
  IndexRole role = IndexRole::time;
};

/// One tensor of one einsum where it is held (or, at the compute level, used), with the indices that its occupancy
/// runs over.
struct AccessPath {
  EinsumId einsum;
  TensorId tensor;
  LevelId level;
  std::optional<NodeId> storage;              ///< nothing at the compute level
  std::optional<NodeId> parent;               ///< the storage node above that serves this one; nothing at the top
  NodeId position;                            ///< indices are those above this node
  std::vector<PathIndex> indices;             ///< from the root down
  std::vector<const TensorAccess*> accesses;  ///< of the einsum to the tensor; several if it reads it twice
  bool last_is_stage = false;  ///< a pipeline branch comes after the indices; then there are no peers (R6)
  bool written = false;        ///< the tensor is the einsum's output
};

/// All accesses of an einsum at all its storage nodes and at the compute level (last), by tensor.
std::vector<AccessPath> access_paths(const BoundTree& tree, EinsumId einsum);

/// Words that operations of the path's einsum touch.
PointSet touched_words(const BoundTree& tree, const AccessPath& path, const PointSet& operations);

}  // namespace loopsim
