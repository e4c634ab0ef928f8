#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/sequencer/TwoSlotRecurrence.hpp"

namespace loopsim {
namespace {

using Steps = std::vector<std::vector<std::int64_t>>;  ///< by tile, then stage
using Edges = std::vector<std::pair<std::size_t, std::size_t>>;

/// One branch node whose children are single einsums, each a stage of its own or all on one array.
Schedule schedule_of(NodeKind kind, std::size_t children, const Edges& edges) {
  Schedule schedule;
  for (std::size_t child = 0; child < children; ++child) {
    BranchStep step;
    step.node = NodeId(0);
    step.kind = kind;
    step.child = child;
    for (const auto& [producer, consumer] : edges) {
      if (consumer == child) step.producers.push_back(producer);
      if (producer == child) step.consumers.push_back(consumer);
    }
    Leaf leaf;
    leaf.einsum = EinsumId(child);
    leaf.branches.push_back(step);
    if (kind == NodeKind::pipeline || schedule.stages.empty()) schedule.stages.emplace_back();
    leaf.stage = schedule.stages.size() - 1;
    schedule.stages[leaf.stage].leaves.push_back(child);
    schedule.leaves.push_back(std::move(leaf));
  }
  return schedule;
}

std::int64_t end_of(const Schedule& schedule, const Steps& steps) {
  TwoSlotRecurrence recurrence(schedule);
  for (std::size_t tile = 0; tile < steps.size(); ++tile) {
    for (std::size_t stage = 0; stage < steps[tile].size(); ++stage) {
      if (steps[tile][stage] == 0) continue;  // nothing to do in this tile
      TileOperation operation;
      operation.leaf = stage;
      operation.iteration = {static_cast<std::int64_t>(tile)};
      recurrence.add(operation, steps[tile][stage]);
    }
  }
  return recurrence.end();
}

TEST(TwoSlotRecurrence, NothingTakesNoTime) {
  EXPECT_EQ(end_of(schedule_of(NodeKind::pipeline, 2, {{0, 1}}), {}), 0);
}

TEST(TwoSlotRecurrence, AChainOfTwoStagesOverlapsNeighbouringTiles) {
  const Schedule schedule = schedule_of(NodeKind::pipeline, 2, {{0, 1}});
  EXPECT_EQ(end_of(schedule, {{4, 6}}), 10);
  EXPECT_EQ(end_of(schedule, {{4, 6}, {4, 6}, {4, 6}}), 4 + 6 + 6 + 6);
  EXPECT_EQ(end_of(schedule, {{8, 2}, {2, 8}, {5, 5}}), 8 + 2 + 8 + 5);
}

/// With a slow second stage the first may be two tiles ahead and no more.
TEST(TwoSlotRecurrence, AProducerWaitsForASlot) {
  const Schedule schedule = schedule_of(NodeKind::pipeline, 3, {{0, 1}, {1, 2}});
  // Stage 0 makes tiles 0 and 1 until 2, waits for stage 1 to end tile 0 at 11, and then makes the long tile 2.
  EXPECT_EQ(end_of(schedule, {{1, 10, 1}, {1, 1, 1}, {20, 1, 1}}), 11 + 20 + 1 + 1);
}

TEST(TwoSlotRecurrence, IndependentStagesRunSideBySide) {
  EXPECT_EQ(end_of(schedule_of(NodeKind::pipeline, 2, {}), {{4, 6}, {4, 6}}), 12);
}

TEST(TwoSlotRecurrence, TheChildrenOfASequentialTakeTurns) {
  EXPECT_EQ(end_of(schedule_of(NodeKind::sequential, 3, {{0, 1}, {1, 2}}), {{1, 2, 3}, {4, 5, 6}}), 21);
}

/// The recurrence written down: start(s, t) = max over finish(s, t-1), finish(producers, t), finish(consumers, t-2).
RC_GTEST_PROP(TwoSlotRecurrenceProperty, IsTheRecurrenceWrittenDown, ()) {
  const auto any = [](std::int64_t low, std::int64_t high) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
  };
  const auto stages = static_cast<std::size_t>(any(1, 4));
  Edges edges;
  for (std::size_t from = 0; from < stages; ++from) {
    for (std::size_t to = from + 1; to < stages; ++to) {
      if (any(0, 1) == 1) edges.emplace_back(from, to);
    }
  }
  Steps steps;
  for (std::int64_t tiles = any(1, 8); tiles > 0; --tiles) {
    steps.emplace_back();
    for (std::size_t s = 0; s < stages; ++s) steps.back().push_back(any(0, 5) == 0 ? 0 : any(1, 12));
  }
  Steps finish(steps.size(), std::vector<std::int64_t>(stages));
  std::int64_t end = 0;
  const auto finished = [&](std::size_t s, std::int64_t tile) {  // all of the stage's tiles up to this one
    std::int64_t latest = 0;
    for (std::int64_t t = 0; t <= tile; ++t) latest = std::max(latest, finish[static_cast<std::size_t>(t)][s]);
    return latest;
  };
  for (std::size_t t = 0; t < steps.size(); ++t) {
    const auto tile = static_cast<std::int64_t>(t);
    for (std::size_t s = 0; s < stages; ++s) {
      if (steps[t][s] == 0) continue;
      std::int64_t start = finished(s, tile - 1);
      for (const auto& [producer, consumer] : edges) {
        if (consumer == s) start = std::max(start, finished(producer, tile));
        if (producer == s) start = std::max(start, finished(consumer, tile - 2));
      }
      finish[t][s] = start + steps[t][s];
      end = std::max(end, finish[t][s]);
    }
  }
  RC_ASSERT(end_of(schedule_of(NodeKind::pipeline, stages, edges), steps) == end);
}

/// Two stages in a chain: LoopTree's overlap formula is exact.
RC_GTEST_PROP(TwoSlotRecurrenceProperty, TwoStagesTakeWhatTheFormulaSays, ()) {
  const auto tiles = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(1, 10));
  Steps steps;
  for (std::size_t t = 0; t < tiles; ++t) {
    steps.push_back({*rc::gen::inRange<std::int64_t>(1, 20), *rc::gen::inRange<std::int64_t>(1, 20)});
  }
  std::int64_t formula = steps.front()[0] + steps.back()[1];
  for (std::size_t t = 0; t + 1 < tiles; ++t) formula += std::max(steps[t][1], steps[t + 1][0]);
  RC_ASSERT(end_of(schedule_of(NodeKind::pipeline, 2, {{0, 1}}), steps) == formula);
}

}  // namespace
}  // namespace loopsim
