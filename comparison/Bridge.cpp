#include "comparison/Bridge.hpp"

#include <algorithm>

namespace loopsim {

std::vector<BridgeEntry> build_bridge(const LoopTreeEstimate& estimate, const Measurement& measurement) {
  const PathCycles& path = measurement.path;
  const std::int64_t formula = measurement.pipeline_steps - estimate.compute_cycles;
  std::vector<BridgeEntry> bridge{
      {"not_memory_bound", estimate.compute_cycles - estimate.cycles},
      {"pipeline_formula", formula},
      {"compute_off_path", path.compute - estimate.compute_cycles - formula},
  };
  for (std::size_t cause = 0; cause < stall_causes; ++cause) {
    bridge.push_back({std::string("stall.") + to_string(static_cast<StallCause>(cause)), path.stall[cause]});
  }
  return bridge;
}

namespace {

/// Does an einsum under `consumer` read what one under `producer` writes?
bool feeds(const BoundTree& tree, NodeId producer, NodeId consumer) {
  const std::vector<EinsumId>& writers = tree.nodes[producer].einsums;
  for (EinsumId reader : tree.nodes[consumer].einsums) {
    for (const TensorAccess& input : tree.graph.einsums[reader].inputs) {
      const auto writer = tree.graph.tensors[input.tensor].writer;
      if (writer && std::find(writers.begin(), writers.end(), *writer) != writers.end()) return true;
    }
  }
  return false;
}

}  // namespace

bool overlap_formula_is_heuristic(const BoundTree& tree) {
  int pipelines = 0;
  for (const BoundNode& node : tree.nodes) {
    if (node.kind != NodeKind::pipeline) continue;
    if (node.children.size() > 2 || ++pipelines > 1) return true;
    if (node.children.size() == 2 && !feeds(tree, node.children[0], node.children[1])) return true;
  }
  return false;
}

}  // namespace loopsim
