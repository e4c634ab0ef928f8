#include "sim/schedule/ArrayTraffic.hpp"

#include <algorithm>

namespace loopsim {

namespace {

/// Nearest storage node of `tensor` above path[position].
std::optional<NodeId> nearest_storage(const BoundTree& tree, const std::vector<NodeId>& path, std::size_t position,
                                      TensorId tensor) {
  while (position-- > 0) {
    const BoundNode& node = tree.nodes[path[position]];
    if (node.kind == NodeKind::storage && node.tensor == tensor) return path[position];
  }
  return std::nullopt;
}

}  // namespace

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
