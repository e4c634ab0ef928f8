#include "sim/schedule/MinimumSpace.hpp"

#include <stdexcept>

#include "sim/schedule/SequentialOrder.hpp"

namespace loopsim {

namespace {

void complete_all(Holdings& holdings, std::vector<Move> moves) {
  while (!moves.empty()) {
    for (const Move& move : moves) {
      if (!holdings.source_ready(move)) throw std::logic_error("a word is read from a buffer that does not hold it");
      holdings.complete(move);
    }
    moves = holdings.close_pending();
  }
}

}  // namespace

std::map<LevelId, Holdings::Peak> minimum_space(const BoundTree& tree, const Schedule& schedule,
                                                const std::function<void(const TileOperation&)>& visit) {
  std::vector<LeafIndex> leaves;
  for (LeafIndex leaf = 0; leaf < schedule.leaves.size(); ++leaf) leaves.push_back(leaf);
  SequentialOrder order(tree, schedule, leaves);
  Holdings holdings(tree, schedule);
  for (LeafIndex leaf : leaves) holdings.start(leaf, order.next_time(leaf));
  while (order.peek() != nullptr) {
    const TileOperation operation = order.take();
    visit(operation);
    const Plan plan = holdings.plan(operation);
    complete_all(holdings, holdings.admit(plan));
    if (!holdings.inputs_ready(plan)) throw std::logic_error("an operation reads words that no buffer holds");
    complete_all(holdings, holdings.retire(plan, order.next_time(operation.leaf)));
  }
  return holdings.peaks();
}

}  // namespace loopsim
