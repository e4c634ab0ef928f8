#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "arch/Architecture.hpp"
#include "mapping/DataLayout.hpp"
#include "mapping/LoopTree.hpp"
#include "mapping/sets/PointSet.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

enum class NodeKind { temporal, spatial, storage, sequential, pipeline, compute };

/// A node of the tree with every name resolved. A storage node holds one tensor; a list of tensors is one node each.
struct BoundNode {
  NodeKind kind = NodeKind::temporal;
  std::optional<NodeId> parent;
  std::vector<NodeId> children;   ///< one, or a branch node's children in order; a compute node has none
  std::vector<EinsumId> einsums;  ///< of the compute nodes at or below, in tree order
  SourcePosition where;

  // loops
  EinsumId head;         ///< whose rank is tiled
  std::size_t rank = 0;  ///< position in the head's ranks
  std::optional<std::int64_t> tile_shape;
  std::optional<std::int64_t> factor;
  int mesh_axis = 0;  ///< of a spatial loop: 0 columns, 1 rows

  // storage, compute; of a spatial loop: the level whose instances it spreads over
  LevelId level;

  // storage
  TensorId tensor;
  bool exploits_reuse = true;
  int ordinal = 0;  ///< tells storage nodes of one tensor at one level apart, in tree order

  // compute
  EinsumId einsum;
};

inline bool is_loop(NodeKind kind) {
  return kind == NodeKind::temporal || kind == NodeKind::spatial;
}
inline bool is_branch(NodeKind kind) {
  return kind == NodeKind::sequential || kind == NodeKind::pipeline;
}
/// Nodes that add an index to the iteration vector (a branch's index is the number of the child).
inline bool has_index(NodeKind kind) {
  return is_loop(kind) || is_branch(kind);
}

struct BoundTensor {
  PointSet extent;                   ///< the words that exist
  std::int64_t words = 0;            ///< |extent|
  std::optional<std::int64_t> bits;  ///< of one word; nothing = each level's datawidth
  DataLayout layout;                 ///< in the lines of the banked level
  bool intermediate = false;         ///< written and read within the workload
  /// Indices above its first storage node with exploits_reuse; nothing = never retained. Of intermediates.
  std::optional<std::size_t> reuse_level;
};

/// A mapping joined with the workload and the machine: the input of the estimate and of the schedule.
struct BoundTree {
  EinsumGraph graph;
  Architecture architecture;
  IdVector<NodeId, BoundNode> nodes;  ///< parents before children, tree order
  IdVector<TensorId, BoundTensor> tensors;
  IdVector<EinsumId, NodeId> compute_node;
  /// Some tensor has a shape, so what lies outside an extent is zero padding. Otherwise padding counts as data.
  bool zero_padding = false;
  std::vector<EinsumId> order;  ///< topological

  NodeId root() const { return NodeId(0); }
};

/// Nodes from the root to `node`, both included.
std::vector<NodeId> path_to(const BoundTree& tree, NodeId node);

/// The nodes strictly above `node` that add an index, from the root down.
std::vector<NodeId> indices_above(const BoundTree& tree, NodeId node);

/// Storage nodes of a tensor on the path of an einsum, outermost first.
std::vector<NodeId> storage_chain(const BoundTree& tree, EinsumId einsum, TensorId tensor);

/// Words of a tensor that operations touch as LoopTree counts them: padding is data unless a shape was given.
PointSet touched_words(const BoundTree& tree, const TensorAccess& access, const PointSet& operations);

/// Words of a tensor that operations touch and that exist (are stored and moved).
PointSet stored_words(const BoundTree& tree, const TensorAccess& access, const PointSet& operations);

/// Bits of one word of a tensor in a memory.
std::int64_t word_bits(const BoundTree& tree, TensorId tensor, LevelId level);

/// The accesses of an einsum: inputs in order, then the output.
std::vector<const TensorAccess*> accesses_of(const Einsum& einsum);

/// The child of `branch` that leads to `einsum`.
std::size_t child_towards(const BoundTree& tree, NodeId branch, EinsumId einsum);

/// Resolves names, expands storage lists and checks what the tree must satisfy. Errors and warnings go to
/// `diagnostics`; throws InputError when there is an error.
BoundTree bind_mapping(EinsumGraph graph, Architecture architecture, const LoopTree& tree,
               const std::map<int, std::string>& bindings, Diagnostics& diagnostics);

}  // namespace loopsim
