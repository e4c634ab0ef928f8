#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/checks/FitCheck.hpp"
#include "sim/machine/Simulate.hpp"
#include "tests/comparison/BoundCase.hpp"
#include "tests/comparison/Complaints.hpp"
#include "tests/support/ForkedRun.hpp"

namespace loopsim {
namespace {

constexpr LevelId buffer{1};

std::int64_t space_stalls(const Measurement& run) {
  std::int64_t cycles = 0;
  for (const StageAccount& account : run.accounting)
    cycles += account.stall[static_cast<std::size_t>(StallCause::space)];
  return cycles;
}

/// Runs on the rung `bandwidth` with all ports unlimited, so that only space can hold a stage up; `check` returns what
/// is wrong besides.
void expect_run(const BoundTree& tree, const std::function<std::string(const Measurement&, const Comparison&)>& check) {
  const ForkedResult result = run_forked([&] {
    const LoopTreeEstimate estimate = loopsim::estimate(tree);
    SimulationOptions options;
    options.fidelity = Fidelity::bandwidth;
    options.functional = true;
    const Measurement run = simulate(tree, options);
    const Comparison comparison = compare(tree, estimate, run);
    return complaints_about(estimate, run, comparison) + check(run, comparison);
  });
  EXPECT_TRUE(result.finished) << result.text;
  EXPECT_EQ(result.text, "");
}

BoundTree fused_pair() {
  BoundTree tree = golden_case("conv2d_P2t2_pipeline");
  tree.architecture.built_in_ideal = false;
  return tree;
}

std::int64_t least_bits(const BoundTree& tree) {
  return requirements(tree, make_schedule(tree)).space.at(buffer).bits;
}

/// LoopTree counts one tile of each tensor; a stage that makes the next tile while the last is read holds more.
TEST(PipelineSpace, APipelineHoldsMoreThanLoopTreeSays) {
  const BoundTree tree = fused_pair();
  expect_run(tree, [&](const Measurement& run, const Comparison& comparison) {
    const std::int64_t required = loopsim::estimate(tree).required_words[buffer];
    if (run.levels[buffer].peak_words <= required) {
      return fmt::format("peak {} words, LoopTree's {}\n", run.levels[buffer].peak_words, required);
    }
    const std::string metric = "required_words:" + tree.architecture.memories[1].name;
    for (const ComparisonEntry& entry : comparison.entries) {
      if (entry.metric != metric) continue;
      const bool named = std::any_of(entry.causes.begin(), entry.causes.end(), [](const Cause& cause) {
        return cause.name == "in_flight_tiles" && cause.amount > 0;
      });
      return entry.verdict == Verdict::explained && named ? std::string() : "in_flight_tiles is not named\n";
    }
    return "no metric " + metric + "\n";
  });
}

/// The faster stage waits for a slot now and then, but never on the critical path.
TEST(PipelineSpace, WithRoomForTwoTilesTheStagesOverlap) {
  const BoundTree tree = fused_pair();
  expect_run(tree, [&](const Measurement& run, const Comparison&) {
    const std::int64_t cycles = loopsim::estimate(tree).compute_cycles;
    const std::int64_t lost = run.path.stall[static_cast<std::size_t>(StallCause::space)];
    return run.cycles == cycles && lost == 0 ? std::string()
                                             : fmt::format("{} cycles of {}, {} lost\n", run.cycles, cycles, lost);
  });
}

/// In a buffer of the least size the stages take turns, and the time lost is booked as waiting for space.
TEST(PipelineSpace, InTheLeastSpaceTheStagesTakeTurns) {
  BoundTree tree = fused_pair();
  tree.architecture.memories[1].size_bits = least_bits(tree);
  expect_run(tree, [&](const Measurement& run, const Comparison&) {
    std::string wrong;
    const LoopTreeEstimate estimate = loopsim::estimate(tree);
    if (run.levels[buffer].peak_words > run.levels[buffer].min_words) {
      wrong += fmt::format("holds {} of {} words\n", run.levels[buffer].peak_words, run.levels[buffer].min_words);
    }
    if (run.cycles <= estimate.compute_cycles) wrong += fmt::format("{} cycles, no slower\n", run.cycles);
    if (run.cycles > estimate.sequential_steps) wrong += fmt::format("{} cycles, slower than in turns\n", run.cycles);
    const std::size_t space = static_cast<std::size_t>(StallCause::space);
    if (run.path.stall[space] + run.path.compute != run.cycles) {
      wrong += fmt::format("the critical path waits {} cycles for space and computes {} of {}\n", run.path.stall[space],
                           run.path.compute, run.cycles);
    }
    if (space_stalls(run) == 0) wrong += "no stage waits for space\n";
    return wrong;
  });
}

TEST(PipelineSpace, BelowTheLeastSpaceNothingStarts) {
  BoundTree tree = fused_pair();
  tree.architecture.memories[1].size_bits = least_bits(tree) - 1;
  Diagnostics diagnostics;
  check_fit(tree, Fidelity::bandwidth, diagnostics);
  EXPECT_TRUE(diagnostics.has_errors());
  tree.architecture.memories[1].size_bits = least_bits(tree);
  Diagnostics none;
  check_fit(tree, Fidelity::bandwidth, none);
  EXPECT_FALSE(none.has_errors());
}

/// With every size between, never faster with less space.
TEST(PipelineSpace, MoreSpaceIsNeverSlower) {
  const BoundTree tree = fused_pair();
  const std::int64_t least = least_bits(tree);
  std::int64_t before = 0;
  for (std::int64_t size = least; size < 2 * least; size += std::max<std::int64_t>(8, least / 6)) {
    BoundTree sized = tree;
    sized.architecture.memories[1].size_bits = size;
    const ForkedResult result = run_forked([&] {
      SimulationOptions options;
      options.fidelity = Fidelity::bandwidth;
      return std::to_string(simulate(sized, options).cycles);
    });
    ASSERT_TRUE(result.finished) << result.text;
    const std::int64_t cycles = std::stoll(result.text);
    if (before != 0) {
      EXPECT_LE(cycles, before) << size << " bits";
    }
    before = cycles;
  }
}

}  // namespace
}  // namespace loopsim
