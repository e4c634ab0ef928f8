#include "sim/checks/InterleavedSums.hpp"

#include "sim/schedule/LoopTiles.hpp"

namespace loopsim {

InterleavedSums::InterleavedSums(const BoundTree& tree, const Schedule& schedule)
    : nodes_(holding_nodes(tree, schedule)) {
  for (const Leaf& leaf : schedule.leaves) several_.push_back(spatial_above(tree, leaf.program.top) > 0);
}

void InterleavedSums::visit(const TileOperation& operation, const Plan& plan) {
  if (found_ || !several_[operation.leaf]) return;
  for (const Plan::Entry& entry : plan.entries) {
    if (!entry.output || !entry.innermost) continue;
    if (nodes_[entry.node].place_size == operation.lanes.front().place.size()) continue;  // a copy for each
    for (const Plan::Lane& lane : entry.lanes) {
      PointSet& complete = complete_[{entry.node, lane.place}];
      complete.subtract(lane.fresh);
      if (!intersect(subtract(lane.stored, lane.fresh), complete).empty()) found_ = nodes_[entry.node];
      complete.unite(intersect(lane.finished, lane.stored));
    }
  }
}

}  // namespace loopsim
