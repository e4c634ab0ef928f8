#include "tests/sim/sequencer/SequencerCases.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;

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

}  // namespace
}  // namespace loopsim
