#include "tests/sim/sequencer/SequencerCases.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

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

}  // namespace
}  // namespace loopsim
