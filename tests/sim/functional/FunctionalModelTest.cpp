#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/LimitError.hpp"
#include "mapping/tiles/LoopSlice.hpp"
#include "mapping/tiles/TileStream.hpp"
#include "sim/functional/FunctionalModel.hpp"
#include "sim/schedule/SequentialOrder.hpp"
#include "tests/models/looptree/TextTree.hpp"

namespace loopsim {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

/// What goes wrong in a walk over the schedule.
struct Mishaps {
  std::function<bool(const Move&)> lost;              ///< the move is said to be done, but its words never arrive
  std::function<void(TileOperation&)> changed;        ///< what is planned and executed is something else
  std::function<void(TileOperation&)> miscalculated;  ///< what is executed is not what was planned
  std::function<bool(const TileOperation&)> given_up_early;  ///< all inputs are released before the operation
};

std::string all_messages(const FunctionalResult& result) {
  return fmt::format("{}", fmt::join(result.messages, "\n"));
}

FunctionalResult walk(const BoundTree& tree, const Mishaps& mishaps = {}) {
  const Schedule schedule = make_schedule(tree);
  std::vector<LeafIndex> leaves;
  for (LeafIndex leaf = 0; leaf < schedule.leaves.size(); ++leaf) leaves.push_back(leaf);
  SequentialOrder order(tree, schedule, leaves);
  Holdings holdings(tree, schedule);
  FunctionalModel model(tree, schedule, holdings.nodes());
  holdings.on_release = [&](HoldingIndex node, const Place& place, const PointSet& words) {
    model.released(node, place, words);
  };
  std::int64_t now = 0;
  const auto complete = [&](std::vector<Move> moves) {
    while (!moves.empty()) {
      for (const Move& move : moves) {
        const bool lost = mishaps.lost && mishaps.lost(move);
        if (!lost && move.kind == Move::Kind::fill) model.filled(move, now);
        if (!lost && move.kind == Move::Kind::drain) model.put(move, model.take(move, now));
        holdings.complete(move);
      }
      moves = holdings.close_pending();
    }
  };
  for (LeafIndex leaf : leaves) holdings.start(leaf, order.next_time(leaf));
  while (order.peek() != nullptr) {
    TileOperation operation = order.take();
    if (mishaps.changed) mishaps.changed(operation);
    const Plan plan = holdings.plan(operation);
    complete(holdings.admit(plan));
    if (mishaps.given_up_early && mishaps.given_up_early(operation)) {
      for (const Plan::Entry& entry : plan.entries) {
        if (entry.output) continue;
        for (const Plan::Lane& lane : entry.lanes) model.released(entry.node, lane.place, lane.stored);
      }
    }
    if (mishaps.miscalculated) mishaps.miscalculated(operation);
    model.executed(operation, plan, ++now);
    complete(holdings.retire(plan, order.next_time(operation.leaf)));
  }
  return model.finish();
}

/// Two convolutions along one dimension, the second tiled; Fmap2 is kept between tiles. Sums are split over C1.
const char* const two_convolutions = R"(
problem:
- shape:
    name: Conv1
    dimensions: [P1, M1, C1, R1]
    data_spaces:
    - {name: Fmap1, dimensions: [F1C, F1P], projection: '[ C1, P1 + R1 ]'}
    - {name: Filter1, dimensions: [W1M, W1C, W1R], projection: '[ M1, C1, R1 ]'}
    - {name: Fmap2, dimensions: [F2C, F2P], projection: '[ M1, P1 ]', read_write: true}
  instance: 0 <= P1 < 10 and 0 <= M1 < 3 and 0 <= C1 < 2 and 0 <= R1 < 3
- shape:
    name: Conv2
    dimensions: [P2, M2, C2, R2]
    data_spaces:
    - {name: Fmap2, dimensions: [F2C, F2P], projection: '[ C2, P2 + R2 ]'}
    - {name: Filter2, dimensions: [W2M, W2C, W2R], projection: '[ M2, C2, R2 ]'}
    - {name: Fmap3, dimensions: [F3C, F3P], projection: '[ M2, P2 ]', read_write: true}
  instance: 0 <= P2 < 8 and 0 <= M2 < 2 and 0 <= C2 < 3 and 0 <= R2 < 3
mapping:
  type: fused
  nodes:
  - {type: storage, target: MainMemory, dspace: [Fmap1, Filter1, Filter2, Fmap3]}
  - {type: temporal, rank: P2, tile_shape: 4}
  - {type: storage, target: GlobalBuffer, dspace: [Fmap1, Fmap2, Fmap3]}
  - type: sequential
    branches:
    - - {type: temporal, rank: C1, tile_shape: 1}
      - {type: storage, target: GlobalBuffer, dspace: [Filter1]}
      - {type: compute, einsum: Conv1, target: MACs}
    - - {type: storage, target: GlobalBuffer, dspace: [Filter2]}
      - {type: compute, einsum: Conv2, target: MACs}
)";

class BrokenRun : public ::testing::Test {
 protected:
  bool is(const Move& move, Move::Kind kind, const std::string& tensor) const {
    return move.kind == kind && holding_tensors_.at(move.child) == tensor;
  }

  BoundTree tree_ = tree_of_text(two_convolutions);
  std::vector<std::string> holding_tensors_ = [this] {
    std::vector<std::string> names;
    for (const HoldingNode& node : holding_nodes(tree_, make_schedule(tree_))) {
      names.push_back(tree_.graph.tensors[node.tensor].name);
    }
    return names;
  }();
};

TEST_F(BrokenRun, IsExactWhenNothingBreaks) {
  const FunctionalResult result = walk(tree_);
  EXPECT_EQ(result.mismatches, 0) << all_messages(result);
  EXPECT_EQ(result.checked, 16);
  EXPECT_TRUE(result.messages.empty());
}

TEST_F(BrokenRun, LostFillIsARead) {
  int fills = 0;
  Mishaps mishaps;
  mishaps.lost = [&](const Move& move) { return is(move, Move::Kind::fill, "Fmap1") && ++fills == 2; };
  const FunctionalResult result = walk(tree_, mishaps);
  EXPECT_GT(result.mismatches, 0);
  EXPECT_THAT(result.messages,
              Contains(HasSubstr("cycle 2: einsum Conv1 reads Fmap1[1,0] from GlobalBuffer, which does "
                                 "not hold it")));
  EXPECT_LE(result.messages.size(), 10u);
}

TEST_F(BrokenRun, LostDrainLeavesTheResultIncomplete) {
  int drains = 0;
  Mishaps mishaps;
  mishaps.lost = [&](const Move& move) { return is(move, Move::Kind::drain, "Fmap3") && ++drains == 1; };
  const FunctionalResult result = walk(tree_, mishaps);
  EXPECT_EQ(result.mismatches, 8);
  EXPECT_THAT(result.messages, Contains(HasSubstr("Fmap3[0,0] is final in MainMemory, which does not hold it")));
}

TEST_F(BrokenRun, EarlyReleaseIsARead) {
  Mishaps mishaps;
  mishaps.given_up_early = [](const TileOperation& operation) { return operation.leaf == 1 && operation.number == 0; };
  const FunctionalResult result = walk(tree_, mishaps);
  EXPECT_GT(result.mismatches, 0);
  EXPECT_THAT(result.messages,
              Contains(HasSubstr("einsum Conv2 reads Fmap2[0,0] from GlobalBuffer, which does not hold it")));
}

TEST_F(BrokenRun, ProducerARowShort) {
  Mishaps mishaps;
  mishaps.changed = [](TileOperation& operation) {
    if (operation.leaf == 0) operation.lanes.front().operations = slice(operation.lanes.front().operations, 0, 0, 9);
  };
  const FunctionalResult result = walk(tree_, mishaps);
  EXPECT_GT(result.mismatches, 0);
  EXPECT_THAT(result.messages, Contains(HasSubstr("einsum Conv2 reads Fmap2[0,9] from GlobalBuffer")));
}

TEST_F(BrokenRun, HalfASumIsNotComplete) {
  Mishaps mishaps;
  mishaps.changed = [](TileOperation& operation) {  // C1 = 1 is left out
    if (operation.leaf == 0) operation.lanes.front().operations = slice(operation.lanes.front().operations, 2, 0, 1);
  };
  const FunctionalResult result = walk(tree_, mishaps);
  EXPECT_THAT(result.messages,
              Contains(HasSubstr("einsum Conv2 reads Fmap2[0,0] from GlobalBuffer, where it is not complete")));
}

TEST_F(BrokenRun, MissingOperationsChangeTheResult) {
  Mishaps mishaps;
  mishaps.miscalculated = [](TileOperation& operation) {
    if (operation.leaf == 0) operation.lanes.front().operations = slice(operation.lanes.front().operations, 3, 0, 2);
  };
  const FunctionalResult result = walk(tree_, mishaps);
  EXPECT_EQ(result.mismatches, 16);
  EXPECT_THAT(result.messages, Contains(HasSubstr("Fmap3[0,0] is ")));
}

TEST_F(BrokenRun, WordsThatWereNeverMade) {
  Mishaps mishaps;
  mishaps.changed = [](TileOperation& operation) {
    if (operation.leaf == 1) operation.lanes.front().operations = slice(operation.lanes.front().operations, 0, 0, 7);
  };
  const FunctionalResult result = walk(tree_, mishaps);
  EXPECT_EQ(result.checked, 14);
  EXPECT_EQ(result.mismatches, 2);
  EXPECT_THAT(result.messages, Contains("2 of 16 words of Fmap3 were never produced, the first is Fmap3[0,7]"));
}

TEST(FunctionalModel, RefusesWorkloadsBeyondTheLimit) {
  const BoundTree tree = tree_of_text(matrix_product("0 <= M < 1000 and 0 <= N < 1000 and 0 <= K < 1000", R"(
  - {type: storage, target: MainMemory, dspace: [A, B, Z]}
  - {type: compute, einsum: Product, target: MACs}
)"));
  EXPECT_THROW(walk(tree), LimitError);
}

}  // namespace
}  // namespace loopsim
