#include "sim/checks/MinimumSpace.hpp"

#include <fmt/format.h>
#include <stdexcept>

#include "sim/schedule/SequentialOrder.hpp"

namespace loopsim {

namespace {

void complete_all(const BoundTree& tree, Holdings& holdings, std::vector<Move> moves) {
  while (!moves.empty()) {
    for (const Move& move : moves) {
      if (!holdings.may_move(move)) {
        const HoldingNode& child = holdings.nodes()[move.child];
        throw UnheldWordsError(fmt::format("words of '{}' are to be filled from a buffer that does not hold them",
                                           tree.graph.tensors[child.tensor].name));
      }
      holdings.complete(move);
    }
    moves = holdings.close_pending();
  }
}

bool ends_tile(const TileOperation& operation, const TileOperation* next) {
  if (next == nullptr) return true;
  return !operation.iteration.empty() && !next->iteration.empty() &&
         operation.iteration.front() != next->iteration.front();
}

}  // namespace

std::map<LevelId, Holdings::Peak> minimum_space(const BoundTree& tree, const Schedule& schedule,
                                                const std::function<void(const RetiredOperation&)>& visit) {
  std::vector<LeafIndex> leaves;
  for (LeafIndex leaf = 0; leaf < schedule.leaves.size(); ++leaf) leaves.push_back(leaf);
  SequentialOrder order(tree, schedule, leaves);
  Holdings holdings(tree, schedule);
  for (LeafIndex leaf : leaves) holdings.start(leaf, order.next_time(leaf));
  while (order.peek() != nullptr) {
    const TileOperation operation = order.take();
    const Plan plan = holdings.plan(operation);
    complete_all(tree, holdings, holdings.admit(plan));
    if (!holdings.inputs_ready(plan)) {
      throw UnheldWordsError(
          fmt::format("{} reads words that no buffer holds any more", describe(tree, schedule, operation)));
    }
    complete_all(tree, holdings, holdings.retire(plan, order.next_time(operation.leaf)));
    visit({operation, plan, holdings, ends_tile(operation, order.peek())});
  }
  return holdings.peaks();
}

}  // namespace loopsim
