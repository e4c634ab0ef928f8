#include "sim/schedule/ArrayCut.hpp"

#include <algorithm>

#include "mapping/sets/Projection.hpp"
#include "mapping/tiles/TileStream.hpp"
#include "sim/schedule/LoopChanges.hpp"
#include "sim/schedule/UnchangedWords.hpp"

namespace loopsim {

namespace {

/// Memories of these levels belong to the machine around the array.
constexpr std::size_t levels_outside = 2;

bool is_outside(const BoundNode& node) {
  return is_branch(node.kind) || (node.kind == NodeKind::storage && node.level.value < levels_outside);
}

std::optional<NodeId> innermost_loop_above(const BoundTree& tree, NodeId top) {
  std::optional<NodeId> innermost;
  for (const NodeId index : indices_above(tree, top)) {
    if (tree.nodes[index].kind != NodeKind::spatial) innermost = index;
  }
  return innermost && tree.nodes[*innermost].kind == NodeKind::temporal ? innermost : std::nullopt;
}

/// Ranks on which tiles in private buffers depend.
std::vector<std::size_t> ranks_of_stored(const BoundTree& tree, const ArrayProgram& program) {
  std::vector<std::size_t> ranks;
  for (const TensorAccess* access : accesses_of(tree.graph.einsums[program.einsum])) {
    const bool stored = std::any_of(program.nodes.begin(), program.nodes.end(), [&](NodeId id) {
      return tree.nodes[id].kind == NodeKind::storage && tree.nodes[id].tensor == access->tensor;
    });
    for (std::size_t rank = 0; stored && rank < tree.graph.einsums[program.einsum].ranks.size(); ++rank) {
      if (depends_on(*access, rank)) ranks.push_back(rank);
    }
  }
  return ranks;
}

void find_changes(const BoundTree& tree, ArrayProgram& program) {
  const bool stores = std::any_of(program.nodes.begin(), program.nodes.end(),
                                  [&](NodeId id) { return tree.nodes[id].kind == NodeKind::storage; });
  if (!stores) return;
  const std::vector<std::size_t> ranks = ranks_of_stored(tree, program);
  TileStream stream(tree, program.top, {program.einsum});
  LoopChanges changes(tree, program.einsum, stream.index_nodes(), program.nodes);
  while (!changes.settled(ranks) && stream.next()) changes.visit(stream.indices(), stream.operations(program.einsum));
  program.iterates = changes.iterates();
  program.changes_with = changes.innermost();
  program.unchanged = unchanged_words(tree, program.einsum, program.nodes, program.iterates);
}

}  // namespace

ArrayProgram array_program(const BoundTree& tree, EinsumId einsum) {
  ArrayProgram program;
  program.einsum = einsum;
  program.compute = tree.compute_node[einsum];
  for (NodeId node : path_to(tree, program.compute)) {
    if (is_outside(tree.nodes[node])) {
      program.cut = node;
      program.nodes.clear();
    } else {
      program.nodes.push_back(node);
    }
  }
  program.top = program.nodes.front();
  program.loop_above = innermost_loop_above(tree, program.top);
  find_changes(tree, program);
  return program;
}

}  // namespace loopsim
