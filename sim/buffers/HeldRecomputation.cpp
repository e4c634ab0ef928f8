#include "sim/buffers/HeldRecomputation.hpp"

#include "mapping/sets/Projection.hpp"

namespace loopsim {

HeldRecomputation::HeldRecomputation(const BoundTree& tree, const Schedule& schedule)
    : tree_(&tree), schedule_(&schedule), operations_(tree.graph.einsums.size()) {}

void HeldRecomputation::visit(const TileOperation& operation, const Plan& plan) {
  const EinsumId id = schedule_->leaves[operation.leaf].einsum;
  const TensorAccess& output = tree_->graph.einsums[id].output;
  const BoundTensor& tensor = tree_->tensors[output.tensor];
  if (!tensor.intermediate || !tensor.reuse_level) return;
  std::map<Place, PointSet> again;
  for (const Plan::Entry& entry : plan.entries) {
    if (!entry.output) continue;
    for (const Plan::Lane& lane : entry.lanes) {
      PointSet held = intersect(lane.stored, lane.fresh);
      held.subtract(lane.allocate);
      if (!held.empty()) again[lane.place].unite(held);
    }
  }
  if (again.empty()) return;
  for (const ArrayLane& lane : operation.lanes) {
    PointSet words;
    for (const auto& [place, held] : again) {
      if (starts_with(lane.place, place)) words.unite(held);
    }
    operations_[id] += inverse_image(output, words, lane.operations).size();
  }
}

}  // namespace loopsim
