#include "tests/sim/sequencer/SequencerCases.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A buffer for one tile operation of four words: X0 leaves with the operation at 4 + 5, Y0 when it has been written
/// back 6 cycles later. Only then does the next one fit: all of the wait is for the write-back, then for its words.
TEST(Sequencer, AnOperationWaitsForSpaceThatAWriteBackFrees) {
  SequencerBench bench(tree_of_text(one_layer(4) + buffer_of(4)), timed(1));
  bench.run(constant({3, 1}, {2, 4}, 5));
  expect_sound(bench);
  EXPECT_THAT(bench.times("admit F"), ElementsAre(0, 15));
  EXPECT_THAT(bench.times("start F"), ElementsAre(4, 19));
  EXPECT_EQ(bench.sequencer().end(), Cycle(30));
  const StageAccount account = bench.account("F");
  EXPECT_EQ(account.ramp, 4);
  EXPECT_EQ(account.compute, 10);
  EXPECT_EQ(stall(account, StallCause::writeback), 6);
  EXPECT_EQ(stall(account, StallCause::dram), 3);
  EXPECT_EQ(stall(account, StallCause::glb), 1);
  EXPECT_EQ(account.drain, 6);
}

/// F's operations take four words, G's only one takes eight: the least that the buffer must have. What lies ahead of
/// its turn may take only what it has beyond, so that with 11 words F's second operation waits though seven are free.
TEST(Sequencer, APrefetchTakesOnlyWhatTheNextInTurnDoesNotNeed) {
  const std::string text = input_of(copy_of("F", "P", "X", "Y", 4) + copy_of("G", "Q", "Y", "Z", 4),
                                    R"(- {type: storage, target: 0, dspace: [X, Y, Z]}
- type: sequential
  branches:
  - - {type: temporal, rank: P, tile_shape: 2}
    - {type: storage, target: 1, dspace: [X, Y]}
    - {type: compute, einsum: F, target: 2}
  - - {type: storage, target: 1, dspace: [Y, Z]}
    - {type: compute, einsum: G, target: 2})");
  for (const int words : {8, 11, 12}) {
    SequencerBench bench(tree_of_text(text + buffer_of(words)), timed(1));
    bench.step(0);
    EXPECT_THAT(bench.times("admit F"), SizeIs(words < 12 ? 1 : 2)) << words;
    bench.deliver("fill X", 1, 1);
    bench.step(1);
    bench.finish("F", computing(3));
    bench.step(4);
    EXPECT_THAT(bench.times("admit F"), SizeIs(2)) << "its turn, in " << words;
  }
}

/// With 6 words the second operation waits for its turn alone: at 9 two words of Y leave, and four are free.
TEST(Sequencer, TheNextInTurnTakesAllThatIsFree) {
  SequencerBench bench(tree_of_text(one_layer(4) + buffer_of(6)), timed(1));
  bench.run(constant({3, 1}, {2, 4}, 5));
  expect_sound(bench);
  EXPECT_THAT(bench.times("admit F"), ElementsAre(0, 9));
  EXPECT_EQ(stall(bench.account("F"), StallCause::writeback), 0);
}

/// A buffer of six words; F needs X and Y, G needs Y and Z, two words each. F0 from 1 to 5, after which X0 leaves. G0
/// from 5 to 11 holds Y0 and Z0, and the two free words are not enough for F1. At 11 Y0 leaves: F1 takes four words,
/// which arrive at 12, and runs until 16, then G1 until 22.
TEST(Sequencer, AStageWaitsForSpaceThatAnotherStageHolds) {
  SequencerBench bench(tree_of_text(two_layers("pipeline", 4) + buffer_of(6)), timed(1));
  bench.run(arrays({4, 6}, {0, 1}, {0, 1}));
  expect_sound(bench);
  EXPECT_THAT(bench.times("admit F"), ElementsAre(0, 11));
  EXPECT_THAT(bench.times("start F"), ElementsAre(1, 12));
  EXPECT_THAT(bench.times("start G"), ElementsAre(5, 16));
  EXPECT_EQ(bench.sequencer().end(), Cycle(23));
  const StageAccount account = bench.account("F");
  EXPECT_EQ(account.ramp, 1);
  EXPECT_EQ(account.compute, 8);
  EXPECT_EQ(stall(account, StallCause::space), 6);
  EXPECT_EQ(stall(account, StallCause::glb), 1);
  EXPECT_EQ(account.drain, 7);
}

/// Fills of 1 cycle, operations of 3, write-backs of 5; results leave the array only when those before are written.
/// F0 1-4, its results until 9. F1 4-7, which waits until 9. Its results until 14, F2 is taken into the window at 9,
/// runs 10-13 and waits until 14. The last results are written at 19.
TEST(Sequencer, HeldResultsKeepTheArrayUntilThoseBeforeAreWritten) {
  Sequencer::Options options = timed(1);
  options.hold_results = true;
  SequencerBench bench(tree_of_text(one_layer(6)), options);
  bench.run(constant({1, 0}, {0, 5}, 3));
  expect_sound(bench);
  EXPECT_THAT(bench.times("start F"), ElementsAre(1, 4, 10));
  EXPECT_THAT(bench.times("retire F"), ElementsAre(4, 9, 14));
  EXPECT_THAT(bench.times("admit F"), ElementsAre(0, 0, 9));
  EXPECT_EQ(bench.sequencer().end(), Cycle(19));
  const StageAccount account = bench.account("F");
  EXPECT_EQ(account.ramp, 1);
  EXPECT_EQ(account.compute, 9);
  EXPECT_EQ(stall(account, StallCause::writeback), 2 + 1);
  EXPECT_EQ(stall(account, StallCause::dram), 1);
  EXPECT_EQ(account.drain, 5);
}

TEST(Sequencer, HeldResultsCostNothingOnTheIdealMachine) {
  Sequencer::Options options = ideal(1);
  options.hold_results = true;
  SequencerBench bench(tree_of_text(one_layer(6)), options);
  bench.run(arrays({3}));
  expect_sound(bench);
  EXPECT_EQ(bench.sequencer().end(), Cycle(9));
}

/// Y goes to main memory between the layers: its fill is asked for only when the write-back has ended.
TEST(Sequencer, AFillWaitsForTheWriteBackOfItsWords) {
  const std::string text = input_of(copy_of("F", "P", "X", "Y", 2) + copy_of("G", "Q", "Y", "Z", 2),
                                    R"(- {type: storage, target: 0, dspace: [X, Y, Z]}
- type: sequential
  branches:
  - - {type: storage, target: 1, dspace: [X, Y]}
    - {type: compute, einsum: F, target: 2}
  - - {type: storage, target: 1, dspace: [Y, Z]}
    - {type: compute, einsum: G, target: 2})");
  SequencerBench bench(tree_of_text(text), timed(1));
  bench.run(constant({3, 1}, {2, 4}, 5));
  expect_sound(bench);
  EXPECT_THAT(bench.times("submit drain Y"), ElementsAre(9));
  EXPECT_THAT(bench.times("complete drain Y"), ElementsAre(15));
  EXPECT_THAT(bench.times("submit fill Y"), ElementsAre(15));
  EXPECT_THAT(bench.times("start G"), ElementsAre(19));
  const StageAccount account = bench.account("F+G");
  EXPECT_EQ(stall(account, StallCause::dependency), 6) << "until its source was ready";
  EXPECT_EQ(stall(account, StallCause::dram), 3);
  EXPECT_EQ(stall(account, StallCause::glb), 1);
}

/// Y[P] = sum over C of X[P, C] in two tiles of each; sums leave the buffer between their two visits. Fills of 1 cycle,
/// operations of 3, write-backs of 20. Operations 0 and 1 from 1 to 4 and to 7, their sums until 24 and 27. Operation 2
/// adds to those of 0, which are still there, and waits from 7 to 24 until they have been written; 3 runs from 27
/// to 30.
TEST(Sequencer, SumsAreNotWrittenOverWhileTheyAreWrittenBack) {
  const std::string text =
      input_of(sum_over_columns("F", "X", "Y", 4, 4), R"(- {type: storage, target: 0, dspace: [X, Y]}
- {type: temporal, rank: CF, tile_shape: 2}
- {type: temporal, rank: PF, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})");
  SequencerBench bench(tree_of_text(text), timed(1));
  bench.run(constant({1, 0}, {0, 20}, 3));
  expect_sound(bench);
  EXPECT_THAT(bench.times("start F"), ElementsAre(1, 4, 24, 27));
  EXPECT_THAT(bench.times("submit fill Y"), IsEmpty());
  EXPECT_EQ(bench.sequencer().end(), Cycle(50));
  const StageAccount account = bench.account("F");
  EXPECT_EQ(account.ramp, 1);
  EXPECT_EQ(account.compute, 12);
  EXPECT_EQ(stall(account, StallCause::writeback), 17);
  EXPECT_EQ(account.drain, 20);
}

TEST(Sequencer, AFillOfATensorThatIsCopiedLaterSaysSo) {
  SequencerBench bench(tree_of_text(one_layer(2) + "simulation: {tensors: {X: {fill_after_copies: true}}}\n"),
                       timed(0));
  bench.step(0);
  ASSERT_THAT(bench.waiting(), SizeIs(1));
  EXPECT_TRUE(bench.waiting().front()->after_copies);
}

}  // namespace
}  // namespace loopsim
