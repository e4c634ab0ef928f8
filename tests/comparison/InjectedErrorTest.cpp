// A deliberate error in one of the three legs - estimate, tile inference, schedule - must show against the other two:
// as an unexplained comparison, a wrong output, a broken conservation rule, or an exception. Every test first shows
// that the untouched case is clean.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/machine/Simulate.hpp"
#include "tests/TemporaryFolder.hpp"
#include "tests/comparison/BoundCase.hpp"
#include "tests/comparison/Complaints.hpp"
#include "tests/support/ForkedRun.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

using Damage = std::function<void(Schedule&)>;

/// What is complained about when one tree is estimated and another simulated, or how that ended; nothing when all is
/// well.
std::string complaints(const BoundTree& estimated, const BoundTree& simulated, const Damage& damage = nullptr) {
  const ForkedResult result = run_forked([&] {
    const LoopTreeEstimate estimate = loopsim::estimate(estimated);
    Schedule schedule = make_schedule(simulated);
    if (damage) damage(schedule);
    SimulationOptions options;
    options.functional = true;
    const Measurement run = simulate(simulated, schedule, options);
    return complaints_about(estimate, run, compare(simulated, estimate, run));
  });
  return result.finished || !result.text.empty() ? result.text : "died";
}

std::string complaints(const BoundTree& tree, const Damage& damage = nullptr) {
  return complaints(tree, tree, damage);
}

NodeId first_loop(const BoundTree& tree) {
  std::size_t i = 0;
  while (!is_loop(tree.nodes[NodeId(i)].kind)) ++i;
  return NodeId(i);
}

// --- errors in the estimate
// -------------------------------------------------------------------------------------------

TEST(InjectedEstimateError, ATileOfAnotherShape) {
  const BoundTree tree = golden_case("conv2d_P2t2_retain");
  ASSERT_EQ(complaints(tree), "");
  BoundTree other = tree;
  other.nodes[first_loop(tree)].tile_shape = 4;
  EXPECT_THAT(complaints(other, tree), HasSubstr("unexplained max_occupancy:1/Fmap2/Conv1"));
}

/// The second convolution's output and the tiles of both below the inner loop instead of the outer one.
TEST(InjectedEstimateError, AStorageNodeElsewhere) {
  const BoundTree tree = golden_case("conv2d_P2t2Q2t2_retainQ2");
  ASSERT_EQ(complaints(tree), "");
  EXPECT_THAT(complaints(golden_case("conv2d_P2t2Q2t2_retainP2"), tree), HasSubstr("unexplained ops:Conv1"));
}

/// `exploits_reuse: false` on an intermediate means that nothing of it is retained.
TEST(InjectedEstimateError, RetentionForgotten) {
  const BoundTree tree = golden_case("conv2d_P2t2_retain");
  ASSERT_EQ(complaints(tree), "");
  BoundTree other = tree;
  other.tensors[tensor_named(tree, "Fmap2")].reuse_level.reset();
  EXPECT_THAT(complaints(other, tree), HasSubstr("unexplained ops:Conv1"));
}

TEST(InjectedEstimateError, StagesOneAfterTheOther) {
  const BoundTree tree = golden_case("conv2d_P2t2_pipeline");
  ASSERT_EQ(complaints(tree), "");
  BoundTree other = tree;
  for (BoundNode& node : other.nodes) {
    if (node.kind == NodeKind::pipeline) node.kind = NodeKind::sequential;
  }
  EXPECT_THAT(complaints(other, tree), HasSubstr("unexplained cycles"));
}

/// A number of the estimate under the name it is nudged by.
struct Field {
  std::string name;
  std::function<void(LoopTreeEstimate&)> nudge;
};

std::vector<Field> fields_of(const BoundTree& tree, const LoopTreeEstimate& estimate) {
  std::vector<Field> fields{
      {"compute_cycles", [](LoopTreeEstimate& e) { ++e.compute_cycles; }},
      {"macs", [](LoopTreeEstimate& e) { ++e.macs; }},
      {"energy", [](LoopTreeEstimate& e) { e.energy_pj *= 1.0001; }},
  };
  for (std::size_t level = 0; level < estimate.required_words.size(); ++level) {
    fields.push_back(
        {fmt::format("required_words {}", level), [=](LoopTreeEstimate& e) { ++e.required_words[LevelId(level)]; }});
  }
  for (std::size_t i = 0; i < estimate.measures.einsums.size(); ++i) {
    const auto add = [&](const char* name, auto member) {
      fields.push_back({fmt::format("{} {}", name, tree.graph.einsums[EinsumId(i)].name),
                        [=](LoopTreeEstimate& e) { ++(e.measures.einsums[EinsumId(i)].*member); }});
    };
    add("ops", &EinsumMeasures::ops);
    add("distinct_ops", &EinsumMeasures::distinct_ops);
    add("steps", &EinsumMeasures::steps);
  }
  for (std::size_t i = 0; i < estimate.measures.accesses.size(); ++i) {
    const AccessMeasures& access = estimate.measures.accesses[i];
    const auto add = [&](const char* name, std::function<void(AccessMeasures&)> nudge) {
      fields.push_back({fmt::format("{} {}/{}/{}", name, access.level.value, tree.graph.tensors[access.tensor].name,
                                    tree.graph.einsums[access.einsum].name),
                        [=](LoopTreeEstimate& e) { nudge(e.measures.accesses[i]); }});
    };
    if (access.level == tree.architecture.compute_level()) {
      add("parent_reads", [](AccessMeasures& a) { ++a.parent_reads; });
      add("peer", [](AccessMeasures& a) { ++a.peer; });
      continue;
    }
    add("reads", [](AccessMeasures& a) { ++a.reads; });
    add("writes", [](AccessMeasures& a) { ++a.writes; });
    add("fills", [](AccessMeasures& a) { ++a.fills; });
    add("max_occupancy", [](AccessMeasures& a) { ++a.max_occupancy; });
    add("peer", [](AccessMeasures& a) { ++a.peer; });
    if (access.fill_series && !access.fill_series->empty())
      add("fill_series", [](AccessMeasures& a) { ++a.fill_series->back(); });
    if (access.occupancy_series && !access.occupancy_series->empty()) {
      add("occupancy_series", [](AccessMeasures& a) { ++a.occupancy_series->back(); });
    }
  }
  fields.push_back({"a row too many", [](LoopTreeEstimate& e) {
                      e.measures.accesses.push_back(e.measures.accesses.front());
                      e.measures.accesses.back().node = 7;
                    }});
  fields.push_back({"a row missing", [](LoopTreeEstimate& e) { e.measures.accesses.pop_back(); }});
  return fields;
}

class InjectedNudge : public ::testing::TestWithParam<const char*> {};

/// Every number that the comparison shows, off by one.
TEST_P(InjectedNudge, OfOneFigureIsUnexplained) {
  const BoundTree tree = golden_case(GetParam());
  ASSERT_EQ(complaints(tree), "");
  const ForkedResult result = run_forked([&] {
    const LoopTreeEstimate estimate = loopsim::estimate(tree);
    const Measurement run = simulate(tree, {});
    std::string missed;
    for (const Field& field : fields_of(tree, estimate)) {
      LoopTreeEstimate wrong = estimate;
      field.nudge(wrong);
      if (!compare(tree, wrong, run).unexplained()) missed += field.name + "\n";
    }
    return missed;
  });
  ASSERT_TRUE(result.finished) << result.text;
  EXPECT_EQ(result.text, "");
}

INSTANTIATE_TEST_SUITE_P(Goldens, InjectedNudge,
                         ::testing::Values("conv2d_P2t2Q2t2_retainQ2", "conv2d_P2t2_pipeline", "l4_rs_seq",
                                           "pad1_P2t2_seq"));

// --- errors in tile inference
// -----------------------------------------------------------------------------------------

/// Both legs believe that rows are retained along the outer loop, but the storage node lies below the inner one: counts
/// agree and words are missing.
TEST(InjectedInferenceError, RetainedFurtherOutThanStored) {
  const BoundTree tree = golden_case("conv2d_P2t2Q2t2_retainQ2");
  ASSERT_EQ(complaints(tree), "");
  BoundTree wrong = tree;
  std::optional<std::size_t>& level = wrong.tensors[tensor_named(tree, "Fmap2")].reuse_level;
  ASSERT_EQ(level, std::size_t{2});
  level = 1;
  EXPECT_NE(complaints(wrong), "");
  level = 0;
  EXPECT_NE(complaints(wrong), "");
}

/// The last row of the intermediate is taken for padding: never stored, and the consumer reads zeros.
TEST(InjectedInferenceError, TheExtentOfAnIntermediateCutShort) {
  const BoundTree tree = golden_case("conv2d_P2t2_retain");
  ASSERT_EQ(complaints(tree), "");
  BoundTree wrong = tree;
  BoundTensor& fmap = wrong.tensors[tensor_named(tree, "Fmap2")];
  Box last;
  for (Interval side : bounds(fmap.extent)) last.dimensions.emplace_back(side.low, side.high);
  const Coordinate row = last.dimensions[1].greatest();
  last.dimensions[1] = IntervalSet(row, row + 1);
  fmap.extent.subtract(last);
  fmap.words = fmap.extent.size();
  EXPECT_NE(complaints(wrong), "");
}

/// A chain of three is walked from the wrong end: a tile is asked for before it has been inferred.
TEST(InjectedInferenceError, ProducersBeforeTheirConsumers) {
  const BoundTree tree = golden_case("c3_F2ret_F3rec_seq");
  ASSERT_EQ(complaints(tree), "");
  BoundTree wrong = tree;
  std::reverse(wrong.order.begin(), wrong.order.end());
  EXPECT_NE(complaints(wrong), "");
}

/// The simulated producer's loop starts one coordinate late, so that a row is never made.
TEST(InjectedInferenceError, ARankThatStartsLate) {
  const BoundTree tree = golden_case("conv2d_P2t2_retain");
  ASSERT_EQ(complaints(tree), "");
  BoundTree wrong = tree;
  for (Rank& rank : wrong.graph.ranks) {
    if (rank.name == "P1") ++rank.low;
  }
  EXPECT_NE(complaints(tree, wrong), "");
}

TEST(InjectedInferenceError, ARankThatEndsEarly) {
  const BoundTree tree = golden_case("conv2d_P2t2_retain");
  ASSERT_EQ(complaints(tree), "");
  BoundTree wrong = tree;
  for (Rank& rank : wrong.graph.ranks) {
    if (rank.name == "P1") --rank.high;
  }
  EXPECT_NE(complaints(tree, wrong), "");
}

// --- errors in the schedule
// -------------------------------------------------------------------------------------------

BranchStep& step_of(Schedule& schedule, LeafIndex leaf) {
  return schedule.leaves[leaf].branches.front();
}

/// The second stage no longer waits for the first: the buffers still hold it back until the words are there, and what
/// the stages do at the same time is no longer what two slots allow.
TEST(InjectedScheduleError, AStageWithoutItsProducer) {
  const BoundTree tree = golden_case("conv2d_P2t2_pipeline");
  ASSERT_EQ(complaints(tree), "");
  EXPECT_NE(complaints(tree, [](Schedule& schedule) { step_of(schedule, 1).producers.clear(); }), "");
}

/// A fused pair whose first stage takes 16 and 8 steps in turn, the second 12 each time: more than two slots would pay.
const char* const uneven_pair = R"(problem:
- shape:
    name: Conv1
    dimensions: [P1, C1, R1]
    data_spaces:
    - {name: Fmap1, dimensions: [F1_C, F1_P], projection: '[ C1, P1 + R1 ]'}
    - {name: Filter1, dimensions: [W1_C, W1_R], projection: '[ C1, R1 ]'}
    - {name: Fmap2, dimensions: [F2_P], projection: '[ P1 ]', read_write: True}
  instance: 0 <= P1 < 14 and 0 <= C1 < 2 and 0 <= R1 < 2
- shape:
    name: Conv2
    dimensions: [P2, M2, R2]
    data_spaces:
    - {name: Fmap2, dimensions: [F2_P], projection: '[ P2 + R2 ]'}
    - {name: Filter2, dimensions: [W2_M, W2_R], projection: '[ M2, R2 ]'}
    - {name: Fmap3, dimensions: [F3_M, F3_P], projection: '[ M2, P2 ]', read_write: True}
  instance: 0 <= P2 < 12 and 0 <= M2 < 2 and 0 <= R2 < 3
mapping:
  type: fused
  nodes:
  - {type: storage, target: 0, dspace: [Fmap1, Filter1, Filter2, Fmap3]}
  - {type: storage, target: 1, dspace: [Filter1, Filter2]}
  - {type: temporal, rank: P2, tile_shape: 4}
  - {type: temporal, rank: P2, tile_shape: 2}
  - {type: storage, target: 1, dspace: [Fmap1, Fmap2, Fmap3]}
  - type: pipeline
    branches:
    - - {type: temporal, rank: P1, tile_shape: 1}
      - {type: temporal, rank: C1, tile_shape: 1}
      - {type: temporal, rank: R1, tile_shape: 1}
      - {type: compute, einsum: Conv1, target: 2}
    - - {type: temporal, rank: P2, tile_shape: 1}
      - {type: temporal, rank: M2, tile_shape: 1}
      - {type: temporal, rank: R2, tile_shape: 1}
      - {type: compute, einsum: Conv2, target: 2}
)";

/// The first stage runs ahead of the second by more than two slots.
TEST(InjectedScheduleError, AStageWithoutItsConsumer) {
  const TemporaryFolder folder;
  const BoundTree tree = bound_case({folder.write("uneven.yaml", uneven_pair)});
  ASSERT_EQ(complaints(tree), "");
  EXPECT_THAT(complaints(tree, [](Schedule& schedule) { step_of(schedule, 0).consumers.clear(); }),
              HasSubstr("unexplained cycles"));
}

TEST(InjectedScheduleError, AStageThatWaitsForItsConsumer) {
  const BoundTree tree = golden_case("conv2d_P2t2_pipeline");
  ASSERT_EQ(complaints(tree), "");
  EXPECT_NE(complaints(tree, [](Schedule& schedule) { step_of(schedule, 0).producers = {1}; }), "");
}

TEST(InjectedScheduleError, LeavesInTheWrongPlace) {
  const BoundTree tree = golden_case("conv2d_P2t2_retain");
  ASSERT_EQ(complaints(tree), "");
  EXPECT_NE(
      complaints(tree, [](Schedule& schedule) { std::swap(step_of(schedule, 0).child, step_of(schedule, 1).child); }),
      "");
}

TEST(InjectedScheduleError, BothEinsumsInOneBranch) {
  const BoundTree tree = golden_case("conv2d_P2t2_pipeline");
  ASSERT_EQ(complaints(tree), "");
  EXPECT_NE(complaints(tree, [](Schedule& schedule) { step_of(schedule, 0).child = 1; }), "");
}

TEST(InjectedScheduleError, APipelineOnOneArray) {
  const BoundTree tree = golden_case("conv2d_P2t2_pipeline");
  ASSERT_EQ(complaints(tree), "");
  EXPECT_NE(complaints(tree,
                       [](Schedule& schedule) {
                         schedule.leaves[1].stage = 0;
                         schedule.stages[0].leaves = {0, 1};
                         schedule.stages.pop_back();
                       }),
            "");
}

TEST(InjectedScheduleError, AnEinsumThatNeverRuns) {
  const BoundTree tree = golden_case("conv2d_P2t2_retain");
  ASSERT_EQ(complaints(tree), "");
  EXPECT_NE(complaints(tree, [](Schedule& schedule) { schedule.stages[0].leaves.pop_back(); }), "");
}

TEST(InjectedScheduleError, TheStepsOfAnotherEinsum) {
  const BoundTree tree = golden_case("conv2d_P2t2_retain");
  ASSERT_EQ(complaints(tree), "");
  EXPECT_NE(
      complaints(tree, [](Schedule& schedule) { std::swap(schedule.leaves[0].program, schedule.leaves[1].program); }),
      "");
}

}  // namespace
}  // namespace loopsim
