#include "sim/pe_array/ArrayProgram.hpp"

#include <algorithm>

#include "models/tree/TileStream.hpp"
#include "sim/pe_array/LoopChanges.hpp"

namespace loopsim {

namespace {

/// Memories of these levels belong to the machine around the array.
constexpr std::size_t levels_outside = 2;

bool is_outside(const BoundNode& node) {
  return is_branch(node.kind) || (node.kind == NodeKind::storage && node.level.value < levels_outside);
}

/// Nearest storage node of `tensor` above path[position].
std::optional<NodeId> nearest_storage(const BoundTree& tree, const std::vector<NodeId>& path, std::size_t position,
                                      TensorId tensor) {
  while (position-- > 0) {
    const BoundNode& node = tree.nodes[path[position]];
    if (node.kind == NodeKind::storage && node.tensor == tensor) return path[position];
  }
  return std::nullopt;
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
    if (!stored) continue;
    for (const AffineExpression& expression : access->projection) {
      for (const AffineTerm& term : expression.terms) ranks.push_back(term.rank);
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

std::vector<TrafficPoint> traffic_points(const BoundTree& tree, const ArrayProgram& program) {
  const std::vector<NodeId> path = path_to(tree, program.compute);
  const Einsum& einsum = tree.graph.einsums[program.einsum];
  std::vector<TrafficPoint> points;
  for (std::size_t position = path.size() - program.nodes.size(); position < path.size(); ++position) {
    const BoundNode& node = tree.nodes[path[position]];
    if (node.kind != NodeKind::storage && node.kind != NodeKind::compute) continue;
    std::vector<TensorId> seen;  // an einsum may read one tensor through two accesses
    for (const TensorAccess* access : accesses_of(einsum)) {
      const TensorId tensor = access->tensor;
      if (node.kind == NodeKind::storage && node.tensor != tensor) continue;
      if (std::find(seen.begin(), seen.end(), tensor) != seen.end()) continue;
      seen.push_back(tensor);
      points.push_back(
          {path[position], tensor, tensor == einsum.output.tensor, nearest_storage(tree, path, position, tensor)});
    }
  }
  return points;
}

void add(ArrayTraffic& total, const ArrayTraffic& part, std::int64_t times) {
  total.touched_fills += times * part.touched_fills;
  total.touched_parent += times * part.touched_parent;
  total.ruled_parent += times * part.ruled_parent;
  total.touched_max_occupancy = std::max(total.touched_max_occupancy, part.touched_max_occupancy);
  total.peers += times * part.peers;
  total.at_once_peers += times * part.at_once_peers;
  total.at_once_parent += times * part.at_once_parent;
  total.apart_parent += times * part.apart_parent;
  total.moved_fills += times * part.moved_fills;
  total.moved_parent += times * part.moved_parent;
  total.first_updates += times * part.first_updates;
  total.reduction_starts += times * part.reduction_starts;
  total.line_steps += times * part.line_steps;
  total.lines += times * part.lines;
  total.bank_cycles += times * part.bank_cycles;
}

}  // namespace loopsim
