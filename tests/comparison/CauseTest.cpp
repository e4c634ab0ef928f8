#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "models/looptree/LoopTreeEstimate.hpp"
#include "sim/machine/Simulate.hpp"
#include "tests/TestPaths.hpp"
#include "tests/comparison/BoundCase.hpp"
#include "tests/comparison/Complaints.hpp"
#include "tests/support/ForkedRun.hpp"

namespace loopsim {
namespace {

constexpr Fidelity rungs[] = {Fidelity::ideal, Fidelity::bandwidth, Fidelity::dram, Fidelity::glb, Fidelity::noc};

std::string file(const std::string& name) {
  return (source_folder() / "tests/comparison/causes" / (name + ".yaml")).string();
}

/// Runs a case; `check` says what is wrong besides what a run must satisfy anyway.
void expect_run(const std::vector<std::string>& files, Fidelity fidelity,
                const std::function<std::string(const Measurement&, const Comparison&)>& check) {
  const BoundTree tree = bound_case(files);
  const ForkedResult result = run_forked([&] {
    const LoopTreeEstimate estimate = loopsim::estimate(tree);
    SimulationOptions options;
    options.fidelity = fidelity;
    options.functional = true;
    const Measurement run = simulate(tree, options);
    const Comparison comparison = compare(tree, estimate, run);
    return complaints_about(estimate, run, comparison) + check(run, comparison);
  });
  EXPECT_TRUE(result.finished) << result.text;
  EXPECT_EQ(result.text, "") << files.front() << " on rung " << static_cast<int>(fidelity);
}

void expect_every_rung(const std::vector<std::string>& files,
                       const std::function<std::string(const Measurement&, const Comparison&)>& check) {
  for (const Fidelity fidelity : rungs) expect_run(files, fidelity, check);
}

struct Wanted {
  std::string metric;
  std::int64_t estimate = 0;
  std::int64_t simulation = 0;
  std::string cause;  ///< with the whole difference; empty = equal
};

std::string check_metric(const Comparison& comparison, const Wanted& wanted) {
  for (const ComparisonEntry& entry : comparison.entries) {
    if (entry.metric != wanted.metric) continue;
    std::string wrong;
    if (entry.estimate != static_cast<double>(wanted.estimate) ||
        entry.simulation != static_cast<double>(wanted.simulation)) {
      wrong += fmt::format("{} is {} and {}, not {} and {}\n", wanted.metric, entry.estimate, entry.simulation,
                           wanted.estimate, wanted.simulation);
    }
    double amount = 0;
    for (const Cause& cause : entry.causes) amount += cause.name == wanted.cause ? cause.amount : 0;
    if (wanted.cause.empty() ? entry.verdict != Verdict::equal : amount != entry.delta() || amount == 0) {
      wrong += fmt::format("{}: the cause {} has {}\n", wanted.metric, wanted.cause, amount);
    }
    return wrong;
  }
  return "no metric " + wanted.metric + "\n";
}

std::function<std::string(const Measurement&, const Comparison&)> has(std::vector<Wanted> metrics) {
  return [metrics = std::move(metrics)](const Measurement&, const Comparison& comparison) {
    std::string wrong;
    for (const Wanted& wanted : metrics) wrong += check_metric(comparison, wanted);
    return wrong;
  };
}

std::string nothing_else(const Measurement&, const Comparison&) {
  return "";
}

/// Two sums, each visited twice: O[0], O[1], O[0], O[1]. With one tile of prefetch O[0] is opened again before it has
/// been written back, so it stays: the four visits read nothing from main memory. On `ideal` nothing is opened early.
TEST(Cause, APartialSumThatComesBackBeforeItHasLeftStays) {
  const std::pair<const char*, const char*> cases[] = {
      {"partial_sum_single", "O/E"}, {"partial_sum_sequential", "T2/E2"}, {"partial_sum_pipeline", "T2/E2"}};
  for (const auto& [name, access] : cases) {
    const std::vector<std::string> files{file(name), "preset:ideal"};
    expect_every_rung(files, nothing_else);
    expect_run(files, Fidelity::bandwidth,
               has({{fmt::format("reads:0/{}", access), 2, 0, "still_held"},
                    {fmt::format("writes:1/{}", access), 6, 4, "still_held"}}));
    expect_run(files, Fidelity::ideal, has({{fmt::format("reads:0/{}", access), 2, 2, ""}}));
  }
}

/// T1 does not depend on the spatial loop above the branch: made once, in one instance, and used in both.
TEST(Cause, OneCopyOfAnIntermediateServesTheInstancesOfItsLevel) {
  expect_every_rung({file("spatial_above_branch")}, has({{"fills:1/T1/E2", 2, 1, "shared_by_instances"},
                                                         {"fills:1/T1/E1", 1, 1, ""},
                                                         {"max_occupancy:1/T1/E2", 1, 1, ""}}));
}

/// Four instances of level 1 hold a column of Z each (8 words), all of A (8), and the word of A at hand.
TEST(Cause, AnInstanceHoldsTheWordsOfBothNodesAroundASpatialLoop) {
  expect_every_rung({file("two_nodes_around_spatial")}, has({{"fills:1/A/G", 32, 32, ""},
                                                             {"writes:1/A/G", 32, 32, ""},
                                                             {"reads:1/A/G", 32, 32, ""},
                                                             {"max_occupancy:1/Z/G", 8, 8, ""}}));
  expect_run({file("two_nodes_around_spatial")}, Fidelity::ideal, has({{"required_words:GlobalBuffer", 17, 17, ""}}));
}

/// In the second to fifth iteration of Q4 the einsums before the pipeline have nothing to do; it drains all the same
/// before the next iteration of the sequential around it begins.
TEST(Cause, APipelineBelowASequentialDrainsBeforeItsNextIteration) {
  expect_run({file("nested_pipeline_drains")}, Fidelity::ideal, has({{"cycles", 18, 18, ""}}));
  expect_every_rung({file("nested_pipeline_drains")}, nothing_else);
}

/// T1 is made in the tiles 0 (four words), 2 and 3 (one each): six writes. LoopTree counts the fills, five, as tile 2
/// follows tile 0.
TEST(Cause, WordsMadeAgainWhileOthersAreOnTheirWayAreCountedEach) {
  expect_run({file("made_again_in_flight")}, Fidelity::bandwidth, has({{"writes:1/T1/E1", 5, 6, "rewritten"}}));
  expect_every_rung({file("made_again_in_flight")}, nothing_else);
  expect_every_rung({file("made_again_in_pipeline")}, nothing_else);
}

/// A PE of column p, row r reads T1[p + r - 1], and the one of column p - 1, row r + 1 the same word, but in the same
/// step. LoopTree has it come from there (R6); no PE has held it before.
TEST(Cause, NoNeighbourGivesAWordThatItTakesInTheSameStep) {
  expect_every_rung({file("neighbour_of_next_column")}, has({{"peer:3/T1/E3", 4, 0, "neighbour_rule"},
                                                             {"parent_reads:3/T1/E3", 8, 12, "neighbour_rule"},
                                                             {"reads:2/T1/E3", 8, 12, "neighbour_rule"}}));
}

/// W4 does not depend on the ranks that are spread and tiled raggedly. A PE that idles in a tile keeps its words: two
/// PEs with 16 words each.
TEST(Cause, AnInstanceThatIdlesKeepsATileThatDoesNotChange) {
  expect_every_rung({file("idle_instance_keeps")}, has({{"fills:2/W4/E4", 32, 32, ""}, {"writes:2/W4/E4", 0, 0, ""}}));
  expect_every_rung({file("idle_in_ragged_tile"), "preset:edge"}, nothing_else);
}

/// T2[q] comes back for its second summand through both nodes of level 1: four visits of a word at each, two of them
/// the first.
TEST(Cause, APartialSumComesBackThroughTwoNodes) {
  expect_every_rung({file("sum_through_two_nodes")}, nothing_else);
  expect_run({file("sum_through_two_nodes")}, Fidelity::ideal, has({{"reads:0/T2/E1", 2, 2, ""}}));
}

/// The instances of a spatial loop above a branch need rows that overlap, at different steps: an access for each.
TEST(Cause, InstancesThatNeedAWordAtDifferentTimesReadItEach) {
  expect_every_rung({file("halo_of_instances")}, has({{"reads:0/X0/Conv1", 3, 4, "apart_in_time"}}));
}

/// By LoopTree's retention the second instance of the spatial loop finds T6 made by the first.
TEST(Cause, AnInstanceReadsWhatAnotherHasMade) {
  expect_every_rung({file("made_by_another_instance")}, nothing_else);
}

TEST(Cause, PartialSumsOfNeighboursInTheSameStep) {
  expect_every_rung({file("sum_of_neighbours_at_once")}, has({{"peer:3/T2/Conv1", 2, 0, "neighbour_rule"},
                                                              {"parent_reads:3/T2/Conv1", 1, 2, "neighbour_rule"}}));
}

TEST(Cause, NodesOfDifferentTensorsAroundASpatialLoop) {
  for (const char* name : {"first", "second", "third", "fourth"}) {
    expect_every_rung({file(std::string("around_spatial_") + name)}, nothing_else);
  }
}

/// The last loop that the tile depends on has advanced; the loops inside, which it does not depend on, begin anew.
TEST(Cause, ANeighbourGivesWordsPastLoopsThatTheTileDoesNotDependOn) {
  expect_every_rung({file("neighbour_past_idle_loop")}, nothing_else);
}

TEST(Cause, APipelineDrainsAlsoBelowASequentialOfOneBranch) {
  expect_run({file("pipeline_below_one_branch")}, Fidelity::ideal, has({{"cycles", 4, 4, ""}}));
}

/// T1 is kept below both loops. P2 advances as M2 starts over: T1[2], the halo, is still held and made once more.
TEST(Cause, RecomputationWhereAnInnerLoopStartsOverIsCountedAndTold) {
  expect_every_rung({file("made_again_at_wrap")}, [](const Measurement& run, const Comparison& comparison) {
    std::string wrong = check_metric(comparison, {"ops:E1", 6, 6, ""});
    if (run.wrap_recomputed_ops[EinsumId(0)] != 1) wrong += "the operation at the wrap is not counted\n";
    if (run.wrap_recomputed_ops[EinsumId(1)] != 0) wrong += "E2 repeats nothing\n";
    const auto tells = [](const std::string& warning) { return warning.find("1 of 'E1'") != std::string::npos; };
    if (std::none_of(run.warnings.begin(), run.warnings.end(), tells)) wrong += "nobody is told\n";
    return wrong;
  });
}

TEST(Cause, NothingIsToldWhereNothingIsRepeated) {
  expect_run({golden_file("conv2d_P2t2_retain")}, Fidelity::ideal, [](const Measurement& run, const Comparison&) {
    const auto tells = [](const std::string& warning) { return warning.find("wrap_recomputed") != std::string::npos; };
    return std::any_of(run.warnings.begin(), run.warnings.end(), tells) ? std::string("a warning\n") : std::string();
  });
}

}  // namespace
}  // namespace loopsim
