#include "tests/sim/sequencer/SequencerCases.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// One stage: three tile operations of 5 cycles, fills of 3 + 1 cycles, drains of 2 + 4. What every test has in common
// is that memories take transfers at any time, each by itself.

/// 0: the words of two operations are asked for, and there at 4. Operations from 4 to 9, to 14, to 19; the third's
/// words are asked for at 9, when the first has left the window. The last drain is from 19 to 25.
TEST(Sequencer, FillsOfTheNextOperationHideBehindTheArray) {
  SequencerBench bench(tree_of_text(one_layer(6)), timed(1));
  bench.run(constant({3, 1}, {2, 4}, 5));
  expect_sound(bench);
  EXPECT_THAT(bench.times("admit F"), ElementsAre(0, 0, 9));
  EXPECT_THAT(bench.times("submit fill X"), ElementsAre(0, 0, 9));
  EXPECT_THAT(bench.times("start F"), ElementsAre(4, 9, 14));
  EXPECT_THAT(bench.times("submit drain Y"), ElementsAre(9, 14, 19));
  EXPECT_EQ(bench.sequencer().end(), Cycle(25));
  const StageAccount account = bench.account("F");
  EXPECT_EQ(account.ramp, 4);
  EXPECT_EQ(account.compute, 15);
  EXPECT_EQ(account.drain, 6);
  const PathCycles& path = bench.sequencer().path();
  EXPECT_EQ(path.compute, 15);
  EXPECT_EQ(stall(path, StallCause::dram), 3 + 2) << "the first fill and the last drain";
  EXPECT_EQ(stall(path, StallCause::glb), 1 + 4);
}

/// With a fill of 6 + 2 cycles the first operations run from 8 to 13 and to 18. The third's words are asked for at 13,
/// leave main memory at 19 and are there at 21: a cycle of waiting for main memory and two for the buffer.
TEST(Sequencer, AWaitForWordsIsSplitByWhereTheyWere) {
  SequencerBench bench(tree_of_text(one_layer(6)), timed(1));
  bench.run(constant({6, 2}, {0, 1}, 5));
  expect_sound(bench);
  EXPECT_THAT(bench.times("start F"), ElementsAre(8, 13, 21));
  EXPECT_EQ(bench.sequencer().end(), Cycle(27));
  const StageAccount account = bench.account("F");
  EXPECT_EQ(account.ramp, 8);
  EXPECT_EQ(account.compute, 15);
  EXPECT_EQ(stall(account, StallCause::dram), 1);
  EXPECT_EQ(stall(account, StallCause::glb), 2);
  EXPECT_EQ(account.drain, 1);
  EXPECT_EQ(account.detail, (std::map<std::string, std::int64_t>{{"dram.transfer", 1}, {"glb.transfer", 2}}));
  // The path goes back over the third fill to the end of the first operation and over its fill to the beginning.
  const PathCycles& path = bench.sequencer().path();
  EXPECT_EQ(path.compute, 5 + 5);
  EXPECT_EQ(stall(path, StallCause::dram), 6 + 6 + 0);
  EXPECT_EQ(stall(path, StallCause::glb), 2 + 2 + 1);
}

/// Without prefetch each operation asks for its words when the one before has retired: 4 + 5 cycles each.
TEST(Sequencer, WithoutPrefetchFillsBeginWhenItIsTheOperationsTurn) {
  SequencerBench bench(tree_of_text(one_layer(6)), timed(0));
  bench.run(constant({3, 1}, {2, 4}, 5));
  expect_sound(bench);
  EXPECT_THAT(bench.times("admit F"), ElementsAre(0, 9, 18));
  EXPECT_THAT(bench.times("start F"), ElementsAre(4, 13, 22));
  EXPECT_EQ(bench.sequencer().end(), Cycle(27 + 6));
  const StageAccount account = bench.account("F");
  EXPECT_EQ(account.ramp, 4);
  EXPECT_EQ(stall(account, StallCause::dram), 2 * 3);
  EXPECT_EQ(stall(account, StallCause::glb), 2 * 1);
  EXPECT_EQ(account.drain, 6);
}

class SequencerWindow : public ::testing::TestWithParam<std::int64_t> {};

/// Nothing ever arrives: only what lies in the window asks for words.
TEST_P(SequencerWindow, AdmitsPrefetchAndOneOperationsAndNoMore) {
  SequencerBench bench(tree_of_text(one_layer(12)), timed(GetParam()));
  bench.step(0);
  EXPECT_THAT(bench.waiting(), SizeIs(static_cast<std::size_t>(GetParam()) + 1));
  EXPECT_THAT(bench.times("admit F"), SizeIs(static_cast<std::size_t>(GetParam()) + 1));
  bench.step(7);
  EXPECT_THAT(bench.waiting(), SizeIs(static_cast<std::size_t>(GetParam()) + 1)) << "time alone changes nothing";
}

TEST_P(SequencerWindow, MovesOnWhenAnOperationRetires) {
  SequencerBench bench(tree_of_text(one_layer(12)), timed(GetParam()));
  bench.step(0);
  bench.deliver("fill X", 3, 4);
  bench.step(4);
  EXPECT_THAT(bench.times("start F"), ElementsAre(4));
  EXPECT_THAT(bench.waiting(), SizeIs(static_cast<std::size_t>(GetParam()))) << "a started operation is in the window";
  bench.finish("F", computing(5));
  bench.step(9);
  EXPECT_THAT(bench.waiting(), SizeIs(static_cast<std::size_t>(GetParam()) + 2)) << "another fill, and the drain";
}

INSTANTIATE_TEST_SUITE_P(Prefetch, SequencerWindow, ::testing::Values(0, 1, 2, 3));

TEST(Sequencer, ATransferSaysWhatItMovesAndHowUrgentlyItIsNeeded) {
  SequencerBench bench(tree_of_text(one_layer(6) + buffer_of(100)), timed(1));
  bench.step(0);
  ASSERT_THAT(bench.waiting(), SizeIs(2));
  const Transfer& first = *bench.waiting()[0];
  const Transfer& second = *bench.waiting()[1];
  EXPECT_EQ(first.number, 0);
  EXPECT_EQ(first.urgency, Transfer::Urgency::demand_fill);
  EXPECT_EQ(first.source, LevelId(0));
  EXPECT_EQ(first.destination, LevelId(1));
  EXPECT_EQ(first.source_bits, 16);
  EXPECT_EQ(first.destination_bits, 16);
  EXPECT_EQ(first.issued, Cycle(0));
  EXPECT_FALSE(first.after_copies);
  EXPECT_EQ(second.number, 1);
  EXPECT_EQ(second.urgency, Transfer::Urgency::prefetch);
  bench.deliver("fill X", 3, 4);
  bench.step(4);
  EXPECT_EQ(second.urgency, Transfer::Urgency::demand_fill) << "only the array is in its way now";
  EXPECT_EQ(second.issued, Cycle(0));
  bench.finish("F", computing(5));
  bench.step(9);
  ASSERT_THAT(bench.waiting(), SizeIs(3));
  const Transfer& drain = *bench.waiting()[1];
  EXPECT_EQ(drain.number, 2);
  EXPECT_EQ(drain.move.kind, Move::Kind::drain);
  EXPECT_EQ(drain.urgency, Transfer::Urgency::awaited_drain) << "its words take space";
  EXPECT_EQ(drain.source, LevelId(1));
  EXPECT_EQ(drain.destination, LevelId(0));
  EXPECT_EQ(drain.source_bits, 16);
  EXPECT_EQ(drain.destination_bits, 16);
  EXPECT_EQ(drain.issued, Cycle(9));
}

/// The order within an instant is part of the schedule: it decides about who gets a port first.
TEST(Sequencer, EventsOfOneInstantHaveAnOrder) {
  SequencerBench bench(tree_of_text(one_layer(4)), timed(1));
  bench.run(constant({3, 1}, {2, 4}, 5));
  EXPECT_THAT(bench.log(), ElementsAre("0 submit fill X 2 words, demanded", "0 admit F #0, 1 fills",  //
                                       "0 submit fill X 2 words, ahead", "0 admit F #1, 1 fills",     //
                                       "4 complete fill X demanded, for [F #0]",                      //
                                       "4 complete fill X ahead, for [F #1]",                         //
                                       "4 start F #0", "4 execute F #0",                              //
                                       "9 end F #0", "9 retire F #0", "9 submit drain Y 2 words, awaited",
                                       "9 start F #1", "9 execute F #1",  //
                                       "14 end F #1", "14 retire F #1", "14 submit drain Y 2 words, awaited",
                                       "15 complete drain Y awaited, for []", "20 complete drain Y awaited, for []"));
}

TEST(Sequencer, AnOperationWaitsForAllOfItsFills) {
  const std::string text =
      input_of(window_over("F", "X", "W", "Y", 4), R"(- {type: storage, target: 0, dspace: [X, W, Y]}
- {type: storage, target: 1, dspace: [X, W, Y]}
- {type: compute, einsum: F, target: 2})");
  SequencerBench bench(tree_of_text(text), timed(0));
  bench.step(0);
  ASSERT_THAT(bench.waiting(), SizeIs(2));
  bench.deliver("fill W", 1, 1);
  bench.step(1);
  EXPECT_THAT(bench.times("start F"), IsEmpty());
  bench.deliver("fill X", 5, 6);
  bench.step(6);
  EXPECT_THAT(bench.times("start F"), ElementsAre(6));
}

/// The second tile reads two words that the first one's fill brings, and two of its own.
TEST(Sequencer, WordsOnTheirWayAreNotAskedForAgainButWaitedFor) {
  const std::string text =
      input_of(window_over("F", "X", "W", "Y", 4), R"(- {type: storage, target: 0, dspace: [X, W, Y]}
- {type: storage, target: 1, dspace: [W]}
- {type: temporal, rank: PF, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})");
  SequencerBench bench(tree_of_text(text), timed(1));
  bench.step(0);
  EXPECT_THAT(bench.details("submit fill X"), ElementsAre("4 words, demanded", "2 words, ahead"));
  EXPECT_THAT(bench.details("submit fill W"), ElementsAre("3 words, demanded"));
  EXPECT_THAT(bench.details("admit F"), ElementsAre("#0, 2 fills", "#1, 3 fills"));
}

}  // namespace
}  // namespace loopsim
