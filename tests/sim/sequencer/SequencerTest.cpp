#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/sequencer/Sequencer.hpp"
#include "tests/sim/machine/RandomRun.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"
#include "tests/sim/sequencer/SequencerTesting.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Y[P] = X[P] in tiles of two words: each tile operation fills two words of X and drains two of Y.
std::string one_layer(int extent) {
  return input_of(copy_of("F", "P", "X", "Y", extent), R"(- {type: storage, target: 0, dspace: [X, Y]}
- {type: temporal, rank: P, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})");
}

/// Y[P] = X[P], Z[Q] = Y[Q] under a branch node, in tiles of two words; Y stays in the buffer.
std::string two_layers(const std::string& branch, int extent) {
  return input_of(copy_of("F", "P", "X", "Y", extent) + copy_of("G", "Q", "Y", "Z", extent),
                  R"(- {type: storage, target: 0, dspace: [X, Z]}
- {type: temporal, rank: Q, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y, Z]}
- type: )" + branch + R"(
  branches:
  - - {type: compute, einsum: F, target: 2}
  - - {type: compute, einsum: G, target: 2})");
}

/// Moves take no time.
Sequencer::Options ideal(std::int64_t prefetch = 0) {
  Sequencer::Options options;
  options.prefetch = prefetch;
  return options;
}
Sequencer::Options timed(std::int64_t prefetch) {
  Sequencer::Options options;
  options.ideal = false;
  options.prefetch = prefetch;
  return options;
}

/// Every fill, every drain and every tile operation takes as long.
Latencies constant(MoveTime fill, MoveTime drain, std::int64_t array) {
  return {[=](const Transfer& transfer) { return transfer.move.kind == Move::Kind::fill ? fill : drain; },
          [=](const ArrayJob&, std::int64_t) { return computing(array); }};
}
/// Tile operations take so many cycles, by leaf.
Latencies arrays(std::vector<std::int64_t> cycles, MoveTime fill = {}, MoveTime drain = {}) {
  return {[=](const Transfer& transfer) { return transfer.move.kind == Move::Kind::fill ? fill : drain; },
          [=](const ArrayJob& job, std::int64_t) { return computing(cycles[job.leaf]); }};
}

std::int64_t stall(const StageAccount& account, StallCause cause) {
  return account.stall[static_cast<std::size_t>(cause)];
}
std::int64_t stall(const PathCycles& path, StallCause cause) {
  return path.stall[static_cast<std::size_t>(cause)];
}

/// What has to hold after every run that has ended.
void expect_sound(SequencerBench& bench) {
  Sequencer& sequencer = bench.sequencer();
  EXPECT_TRUE(sequencer.finished()) << sequencer.describe_deadlock();
  EXPECT_FALSE(sequencer.next_wakeup());
  EXPECT_THAT(sequencer.conservation_errors(), IsEmpty());
  EXPECT_TRUE(sequencer.holdings().all_released());
  for (const StageAccount& account : sequencer.accounts()) {
    EXPECT_EQ(account.total(), sequencer.end().value) << account.stage;
  }
  EXPECT_EQ(sequencer.path().total(), sequencer.end().value);
}

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

/// A pipeline of two stages: F takes 4 cycles, G 6, in four tiles, and moves take no time. G runs from 4 to 28 without
/// a pause. F makes tiles 0 and 1 until 8, waits until G has ended tile 0 at 10, and then always for its slot: from 10
/// to 14, and from 16 to 20.
TEST(Sequencer, StagesOfAPipelineOverlapWithTwoSlotsBetweenThem) {
  SequencerBench bench(tree_of_text(two_layers("pipeline", 8)), ideal());
  bench.run(arrays({4, 6}));
  expect_sound(bench);
  EXPECT_THAT(bench.times("start F"), ElementsAre(0, 4, 10, 16));
  EXPECT_THAT(bench.times("start G"), ElementsAre(4, 10, 16, 22));
  EXPECT_EQ(bench.sequencer().end(), Cycle(28));
  const StageAccount producer = bench.account("F");
  EXPECT_EQ(producer.compute, 16);
  EXPECT_EQ(stall(producer, StallCause::space), 2 + 2);
  EXPECT_EQ(producer.drain, 8);
  const StageAccount consumer = bench.account("G");
  EXPECT_EQ(consumer.ramp, 4);
  EXPECT_EQ(consumer.compute, 24);
  EXPECT_EQ(bench.sequencer().path().compute, 28);
}

/// The other way round the consumer waits for results: G starts when F has ended its tile.
TEST(Sequencer, AConsumerWaitsForItsProducersTile) {
  SequencerBench bench(tree_of_text(two_layers("pipeline", 6)), ideal());
  bench.run(arrays({6, 4}));
  expect_sound(bench);
  EXPECT_THAT(bench.times("start F"), ElementsAre(0, 6, 12));
  EXPECT_THAT(bench.times("start G"), ElementsAre(6, 12, 18));
  EXPECT_EQ(bench.sequencer().end(), Cycle(22));
  const StageAccount consumer = bench.account("G");
  EXPECT_EQ(consumer.ramp, 6);
  EXPECT_EQ(stall(consumer, StallCause::dependency), 2 + 2);
  EXPECT_EQ(bench.sequencer().path().compute, 18 + 4);
}

/// Prefetch lets a stage fetch ahead but not run ahead.
TEST(Sequencer, PrefetchDoesNotChangeTheSlots) {
  SequencerBench bench(tree_of_text(two_layers("pipeline", 8)), timed(3));
  bench.run(arrays({4, 6}));
  expect_sound(bench);
  EXPECT_THAT(bench.times("start F"), ElementsAre(0, 4, 10, 16));
  EXPECT_THAT(bench.times("start G"), ElementsAre(4, 10, 16, 22));
}

TEST(Sequencer, ChildrenOfASequentialShareOneArrayInTurn) {
  SequencerBench bench(tree_of_text(two_layers("sequential", 4)), ideal());
  bench.run(arrays({4, 6}));
  expect_sound(bench);
  EXPECT_THAT(bench.times("start F"), ElementsAre(0, 10));
  EXPECT_THAT(bench.times("start G"), ElementsAre(4, 14));
  ASSERT_THAT(bench.sequencer().accounts(), SizeIs(1));
  const StageAccount account = bench.account("F+G");
  EXPECT_EQ(account.compute, 20);
  EXPECT_EQ(account.total(), 20);
}

/// A pipeline of F and G, then H on the whole array, which is a stage of its own: while one works the other is idle.
TEST(Sequencer, AStageIsIdleWhileAnotherChildOfASequentialRuns) {
  const std::string text =
      input_of(copy_of("F", "P", "X", "Y", 4) + copy_of("G", "Q", "Y", "Z", 4) + copy_of("H", "S", "Z", "O", 4),
               R"(- {type: storage, target: 0, dspace: [X, O]}
- {type: temporal, rank: S, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y, Z, O]}
- type: sequential
  branches:
  - - type: pipeline
      branches:
      - - {type: compute, einsum: F, target: 2}
      - - {type: compute, einsum: G, target: 2}
  - - {type: compute, einsum: H, target: 2})");
  SequencerBench bench(tree_of_text(text), ideal());
  bench.run(arrays({4, 6, 5}));
  expect_sound(bench);
  EXPECT_THAT(bench.times("start F"), ElementsAre(0, 15));
  EXPECT_THAT(bench.times("start G"), ElementsAre(4, 19));
  EXPECT_THAT(bench.times("start H"), ElementsAre(10, 25));
  EXPECT_EQ(bench.sequencer().end(), Cycle(30));
  EXPECT_EQ(bench.account("F").idle, 11) << "from 4, as G and H have their turns";
  EXPECT_EQ(bench.account("F").drain, 11);
  EXPECT_EQ(bench.account("G").ramp, 4);
  EXPECT_EQ(bench.account("G").idle, 0) << "it waits for H until 15 and for F until 19; the last one gets it all";
  EXPECT_EQ(stall(bench.account("G"), StallCause::dependency), 9);
  EXPECT_EQ(bench.account("G").drain, 5);
  EXPECT_EQ(bench.account("H").ramp, 10);
  EXPECT_EQ(bench.account("H").idle, 10);
}

/// F's results are there three cycles after the array has ended, and G, on the same array, waits for them.
TEST(Sequencer, ResultsAppearAnOperationsLatencyLater) {
  Sequencer::Options options = ideal(1);
  options.operation_latency = Cycle(3);
  SequencerBench bench(tree_of_text(two_layers("sequential", 2)), options);
  bench.run(arrays({4, 6}));
  expect_sound(bench);
  EXPECT_THAT(bench.times("end F"), ElementsAre(4));
  EXPECT_THAT(bench.times("retire F"), ElementsAre(7));
  EXPECT_THAT(bench.times("start G"), ElementsAre(7));
  EXPECT_EQ(bench.sequencer().end(), Cycle(16));
  const StageAccount account = bench.account("F+G");
  EXPECT_EQ(stall(account, StallCause::dependency), 3);
  EXPECT_EQ(account.drain, 3);
  EXPECT_EQ(stall(bench.sequencer().path(), StallCause::dependency), 3 + 3);
}

/// Without prefetch G comes into the window when F has retired: until then it has waited for F's results.
TEST(Sequencer, WithoutPrefetchTheLatencyOfTheOperationBeforeIsADependency) {
  Sequencer::Options options = ideal(0);
  options.operation_latency = Cycle(3);
  SequencerBench bench(tree_of_text(two_layers("sequential", 2)), options);
  bench.run(arrays({4, 6}));
  expect_sound(bench);
  EXPECT_THAT(bench.times("start G"), ElementsAre(7));
  const StageAccount account = bench.account("F+G");
  EXPECT_EQ(account.idle, 0);
  EXPECT_EQ(stall(account, StallCause::dependency), 3);
  EXPECT_EQ(stall(bench.sequencer().path(), StallCause::dependency), 3 + 3);
}

/// While results are on their way the sequencer asks to be woken.
TEST(Sequencer, WakesWhenResultsAreThere) {
  Sequencer::Options options = ideal();
  options.operation_latency = Cycle(3);
  SequencerBench bench(tree_of_text(one_layer(2)), options);
  bench.step(0);
  EXPECT_FALSE(bench.sequencer().next_wakeup()) << "the array reports by itself";
  bench.finish("F", computing(4));
  bench.step(4);
  ASSERT_TRUE(bench.sequencer().next_wakeup());
  EXPECT_EQ(*bench.sequencer().next_wakeup(), Cycle(7));
  EXPECT_FALSE(bench.sequencer().finished());
  bench.step(7);
  EXPECT_TRUE(bench.sequencer().finished());
  EXPECT_EQ(bench.sequencer().end(), Cycle(7));
}

/// The first tile's results take ten cycles on their way back, the second's one: both are there at 3 + 10.
TEST(Sequencer, ResultsOfAnEinsumDoNotOvertakeEachOther) {
  SequencerBench bench(tree_of_text(one_layer(4)), ideal(1));
  bench.run({[](const Transfer&) { return MoveTime(); },
             [](const ArrayJob&, std::int64_t number) {
               ArraySpent spent = computing(3);
               spent.result_delay = Cycle(number == 0 ? 10 : 1);
               return spent;
             }});
  expect_sound(bench);
  EXPECT_THAT(bench.times("end F"), ElementsAre(3, 6));
  EXPECT_THAT(bench.times("retire F"), ElementsAre(13, 13));
  EXPECT_THAT(bench.details("retire F"), ElementsAre("#0", "#1"));
  const PathCycles& path = bench.sequencer().path();
  EXPECT_EQ(path.compute, 6);
  EXPECT_EQ(stall(path, StallCause::noc), 7) << "one on its way, six behind the other";
}

/// What the array waited for on its own is booked as it says, and its operands' way as a wait for the network.
TEST(Sequencer, StallsOfTheArrayAreBookedAsItSaysSo) {
  SequencerBench bench(tree_of_text(one_layer(2)), ideal());
  bench.run({[](const Transfer&) { return MoveTime(); },
             [](const ArrayJob&, std::int64_t) {
               ArraySpent spent = computing(3);
               spent.steps.stall[static_cast<std::size_t>(StallCause::glb)] = Cycle(2);
               spent.steps.waits.add(WaitId(1), Picoseconds(2000));
               spent.operand_delay = Cycle(4);
               return spent;
             }});
  expect_sound(bench);
  EXPECT_EQ(bench.sequencer().end(), Cycle(9));
  const StageAccount account = bench.account("F");
  EXPECT_EQ(account.compute, 3);
  EXPECT_EQ(stall(account, StallCause::glb), 2);
  EXPECT_EQ(stall(account, StallCause::noc), 4);
  EXPECT_EQ(account.detail.at("noc.latency"), 4);
  ASSERT_THAT(bench.sequencer().waits(0), SizeIs(2));
  EXPECT_EQ(bench.sequencer().waits(0)[1], Picoseconds(2000));
  EXPECT_EQ(bench.sequencer().path().compute, 3);
  EXPECT_EQ(stall(bench.sequencer().path(), StallCause::glb), 2);
  EXPECT_EQ(stall(bench.sequencer().path(), StallCause::noc), 4);
}

/// An array that says less than the time since it was started.
TEST(Sequencer, CyclesThatAnArrayDoesNotAccountForAreAConservationError) {
  SequencerBench bench(tree_of_text(one_layer(2)), ideal());
  bench.step(0);
  bench.finish("F", computing(4));
  bench.step(5);
  EXPECT_THAT(bench.sequencer().conservation_errors(), ElementsAre("stage F: booked up to cycle 4 at cycle 5"));
}

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

TEST(Sequencer, ADeadlockNamesWhoWaitsForWhat) {
  SequencerBench bench(tree_of_text(one_layer(6) + buffer_of(4)), timed(1));
  bench.step(0);
  EXPECT_FALSE(bench.sequencer().finished());
  EXPECT_EQ(bench.sequencer().describe_deadlock(), R"(nothing can proceed:
  F tile [0] waits for fills on their way
  F tile [1] waits for buffer space
  a fill of 2 words of 'X' waits for the memory
  Buffer holds 2 words of 'X' (0), 2 words of 'Y' (0))");
  bench.deliver("fill X", 1, 1);
  bench.step(1);
  EXPECT_EQ(bench.sequencer().describe_deadlock(), R"(nothing can proceed:
  F tile [0] waits for the array
  F tile [1] waits for buffer space
  Buffer holds 2 words of 'X' (0), 2 words of 'Y' (0))");
}

TEST(Sequencer, ADeadlockOfAPipelineNamesBothStages) {
  SequencerBench bench(tree_of_text(two_layers("pipeline", 4)), timed(0));
  bench.step(0);
  EXPECT_EQ(bench.sequencer().describe_deadlock(), R"(nothing can proceed:
  F tile [0, 0] waits for fills on their way
  G tile [0, 1] waits for words that are not there yet
  a fill of 2 words of 'X' waits for the memory)");
}

/// Steps as the arrays executed them, whatever they took: one temporal step of two operations a tile.
TEST(Sequencer, PipelineStepsAreTheRecurrenceOverExecutedSteps) {
  SequencerBench pipeline(tree_of_text(two_layers("pipeline", 8)), ideal());
  pipeline.run(arrays({40, 60}));
  EXPECT_EQ(pipeline.sequencer().pipeline_steps(), 4 + 1);
  SequencerBench sequential(tree_of_text(two_layers("sequential", 8)), ideal());
  sequential.run(arrays({40, 60}));
  EXPECT_EQ(sequential.sequencer().pipeline_steps(), 4 + 4);
}

TEST(Sequencer, TotalsCountWhatEachEinsumExecuted) {
  SequencerBench bench(tree_of_text(two_layers("pipeline", 8)), ideal());
  bench.run(arrays({4, 6}));
  for (LeafIndex leaf : {0U, 1U}) {
    EXPECT_EQ(bench.sequencer().totals(leaf).operations(), 8);
    EXPECT_EQ(bench.sequencer().totals(leaf).steps(), 4);
    EXPECT_THAT(bench.sequencer().totals(leaf).steps_per_tile(), ElementsAre(1, 1, 1, 1));
  }
}

/// What main memory says about a transfer's time takes the place of `dram.transfer`.
TEST(Sequencer, AHistoryOfTheMemoryDetailsTheWait) {
  SequencerBench bench(tree_of_text(one_layer(4)), timed(0));
  bench.step(0);
  bench.deliver("fill X", 0, 0);
  bench.step(0);
  bench.finish("F", computing(2));
  bench.step(2);
  Transfer& fill = *bench.waiting().back();
  ASSERT_EQ(fill.move.kind, Move::Kind::fill);
  MemoryHistory history;  // 2-3 queue, 3-7 a row miss, 7-8 data
  history.issued = Cycle(2);
  history.until = {Cycle(2), Cycle(3), Cycle(3), Cycle(3), Cycle(7), Cycle(7), Cycle(7), Cycle(8)};
  fill.history = history;
  bench.deliver("fill X", 8, 9);
  bench.step(9);
  bench.finish("F", computing(2));
  bench.step(11);
  bench.deliver("drain Y", 11, 11);
  bench.deliver("drain Y", 11, 11);
  bench.step(11);
  expect_sound(bench);
  const StageAccount account = bench.account("F");
  EXPECT_EQ(stall(account, StallCause::dram), 6);
  EXPECT_EQ(stall(account, StallCause::glb), 1);
  EXPECT_EQ(account.detail, (std::map<std::string, std::int64_t>{
                                {"dram.queue", 1}, {"dram.row_miss", 4}, {"dram.data", 1}, {"glb.transfer", 1}}));
}

/// What is wrong with a run; empty if nothing is.
std::string fault(SequencerBench& bench) {
  Sequencer& sequencer = bench.sequencer();
  if (!sequencer.finished()) return sequencer.describe_deadlock();
  if (!sequencer.holdings().all_released()) return "words are left in a buffer";
  if (!sequencer.conservation_errors().empty()) return sequencer.conservation_errors().front();
  for (const StageAccount& account : sequencer.accounts()) {
    if (account.total() != sequencer.end().value) {
      return fmt::format("stage {} accounts for {} of {} cycles", account.stage, account.total(),
                         sequencer.end().value);
    }
  }
  if (sequencer.path().total() != sequencer.end().value) {
    return fmt::format("the path accounts for {} of {} cycles", sequencer.path().total(), sequencer.end().value);
  }
  for (LeafIndex leaf = 0; leaf < bench.schedule().leaves.size(); ++leaf) {
    const std::string& einsum = bench.tree().graph.einsums[bench.schedule().leaves[leaf].einsum].name;
    if (bench.times("execute " + einsum).size() != bench.times("retire " + einsum).size()) {
      return "not everything that was executed has retired";
    }
    const std::vector<std::int64_t> retired = bench.times("retire " + einsum);
    if (!std::is_sorted(retired.begin(), retired.end())) return "results of an einsum overtake each other";
    const std::vector<std::string> tiles = bench.details("retire " + einsum);
    for (std::size_t t = 0; t < tiles.size(); ++t) {
      if (tiles[t] != fmt::format("#{}", t)) return "tiles of an einsum retire out of order";
    }
  }
  return "";
}

RC_GTEST_PROP(SequencerProperty, SumsHoldAndTheSameRunIsTheSame, ()) {
  // A smaller seed is no simpler case.
  const auto seed = *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  Sequencer::Options options = timed(*rc::gen::inRange<std::int64_t>(0, 4));
  options.operation_latency = Cycle(*rc::gen::element<std::int64_t>(0, 0, 5));
  options.hold_results = *rc::gen::element(false, false, true);
  const auto spare = *rc::gen::element<std::optional<std::int64_t>>(
      std::nullopt, std::optional<std::int64_t>(0), std::optional<std::int64_t>(40), std::optional<std::int64_t>(100));
  const std::optional<BoundTree> tree = random_tree(seed, spare);
  if (!tree) RC_DISCARD("does not bind");
  const Latencies latencies = random_latencies(seed);
  SequencerBench bench(*tree, options);
  bench.run(latencies);
  const std::string wrong = fault(bench);
  if (!wrong.empty()) RC_FAIL(fmt::format("seed {}: {}", seed, wrong));
  SequencerBench again(*tree, options);
  again.run(latencies);
  RC_ASSERT(bench.log() == again.log());
  RC_ASSERT(bench.sequencer().pipeline_steps() == again.sequencer().pipeline_steps());
  SequencerBench unobserved(*tree, options, false);
  unobserved.run(latencies);
  RC_ASSERT(unobserved.sequencer().end() == bench.sequencer().end());
  std::size_t stalled = 0;
  const std::vector<StageAccount> accounts = bench.sequencer().accounts();
  for (const StageAccount& account : accounts) stalled += stall(account, StallCause::space) > 0;
  RC_CLASSIFY(accounts.size() > 1, "several stages");
  RC_CLASSIFY(stalled > 0, "waits for space");
}

/// With ideal moves and arrays that take a cycle a step nothing but slots and turns holds stages up.
RC_GTEST_PROP(SequencerProperty, IdealRunsTakeTheRecurrencesSteps, ()) {
  const auto seed = *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  const std::optional<BoundTree> tree = random_tree(seed, std::nullopt);
  if (!tree) RC_DISCARD("does not bind");
  SequencerBench bench(*tree, ideal());
  bench.run({[](const Transfer&) { return MoveTime(); },
             [](const ArrayJob& job, std::int64_t) { return computing(job.outcome->steps); }});
  const std::string wrong = fault(bench);
  if (!wrong.empty()) RC_FAIL(fmt::format("seed {}: {}", seed, wrong));
  RC_ASSERT(bench.sequencer().end().value == bench.sequencer().pipeline_steps());
}

}  // namespace
}  // namespace loopsim
