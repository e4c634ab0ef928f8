#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/buffers/Holdings.hpp"
#include "sim/checks/MinimumSpace.hpp"
#include "tests/sim/buffers/HoldingsTesting.hpp"
#include "tests/support/RandomTree.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// The entry of a plan for a tensor's node outside main memory.
const Plan::Entry& entry_of(const HoldingsBench& bench, const Plan& plan, const std::string& tensor) {
  for (const Plan::Entry& entry : plan.entries) {
    if (entry.node == bench.node(tensor)) return entry;
  }
  throw std::logic_error("no entry of " + tensor);
}

TEST(Holdings, FillWhatAnIterationNeedsAndKeepWhatTheNextOneNeeds) {
  HoldingsBench bench(tree_of_text(windows()));
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 0-5", "fill W 0-2", "drain Y 0-3"));
  EXPECT_EQ(bench.held("X"), "4-5") << "the overlap of the windows";
  EXPECT_EQ(bench.held("W"), "0-2");
  EXPECT_EQ(bench.held("Y"), "");
  EXPECT_THAT(bench.released(), ElementsAre("X 0-3", "Y 0-3"));
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 6-9", "drain Y 4-7"));
  EXPECT_FALSE(bench.has_next("F"));
  EXPECT_TRUE(bench.holdings().all_released());
}

TEST(Holdings, CountWhatTheyHaveMoved) {
  HoldingsBench bench(tree_of_text(windows()));
  bench.execute("F");
  bench.execute("F");
  const AccessAccount x = bench.account("X", "F");
  EXPECT_EQ(x.measures.fills, 6 + 4);
  EXPECT_EQ(x.measures.fill_series, (std::vector<std::int64_t>{6, 4}));
  EXPECT_EQ(x.measures.occupancy_series, (std::vector<std::int64_t>{6, 6}));
  EXPECT_EQ(x.measures.max_occupancy, 6);
  EXPECT_EQ(x.measures.parent_reads, 10);
  EXPECT_EQ(x.measures.writes, 10);
  EXPECT_EQ(x.measures.reads, 0) << "the array's come with its traffic";
  EXPECT_EQ(bench.measures("X", "F", 0).reads, 10);
  EXPECT_EQ(bench.measures("W", "F").fill_series, std::vector<std::int64_t>{3});
  const AccessAccount y = bench.account("Y", "F");
  EXPECT_EQ(y.measures.fills, 8);
  EXPECT_EQ(y.measures.writes, 0) << "sums begin in place";
  EXPECT_EQ(y.differences.first_updates, 8);
  EXPECT_EQ(y.measures.reads, 8);
  EXPECT_EQ(y.differences.drain_reads, 8);
  EXPECT_EQ(bench.measures("Y", "F", 0).reads, 0);
  EXPECT_EQ(bench.measures("Y", "F", 0).writes, 8);
}

TEST(Holdings, ALevelThatRefetchesTakesEveryTileWhole) {
  HoldingsBench bench(tree_of_text(windows() + with_level("refetch: true")));
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 0-5", "fill W 0-2", "drain Y 0-3"));
  EXPECT_EQ(bench.held("X"), "4-5");
  // W is in its one and only iteration still.
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 4-9", "drain Y 4-7"));
  const AccessAccount x = bench.account("X", "F");
  EXPECT_EQ(x.measures.writes, 6 + 6);
  EXPECT_EQ(x.measures.fills, 6 + 4) << "as rules count it";
  EXPECT_EQ(x.differences.refetched_fills, 2);
  EXPECT_EQ(bench.account("X", "F", 0).differences.child_refetched, 2);
}

TEST(Holdings, WordsThatAreFetchedAgainStayReadableMeanwhile) {
  HoldingsBench bench(tree_of_text(windows() + with_level("refetch: true")));
  const Plan first = bench.plan("F");
  bench.complete(bench.holdings().admit(first));
  SequentialOrder order(bench.tree(), bench.schedule(), {0});
  const Plan second = bench.holdings().plan(*order.peek(1));
  EXPECT_THAT(bench.texts(bench.holdings().admit(second)), ElementsAre("fill X 4-9"));
  EXPECT_TRUE(bench.holdings().inputs_ready(first)) << "of 4-5 there is a copy";
  EXPECT_FALSE(bench.holdings().inputs_ready(second));
}

TEST(Holdings, ResultsLeaveAtTheEndOfTheIteration) {
  HoldingsBench bench(tree_of_text(windows_of_whole_rows()));
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 0-5", "fill W 0-2"));
  EXPECT_EQ(bench.held("Y"), "0-3");
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 6-9", "drain Y 0-7"));
}

TEST(Holdings, ResultsThatAreWrittenBackEarlyLeaveACopyUntilTheEndOfTheIteration) {
  HoldingsBench bench(tree_of_text(windows_of_whole_rows() + with_level("early_write_back: true")));
  const Plan first = bench.plan("F");
  bench.complete(bench.holdings().admit(first));
  const std::vector<Move> drains = bench.retire("F", first);
  EXPECT_THAT(bench.texts(drains), ElementsAre("drain Y 0-3"));
  EXPECT_THAT(drains.front().leaving, IsEmpty());
  EXPECT_FALSE(bench.holdings().writeback_pending(LevelId(1))) << "it frees no space";
  bench.complete(drains);
  EXPECT_EQ(bench.held("Y"), "0-3");
  bench.released();
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 6-9", "drain Y 4-7"));
  EXPECT_THAT(bench.released(), ElementsAre("X 4-9", "Y 0-3", "W 0-2", "Y 4-7"));
  EXPECT_TRUE(bench.holdings().all_released());
}

/// Sums are written back half done and come back from there; only the first visit begins at zero.
TEST(Holdings, SumsThatHadToLeaveAreFetchedAgain) {
  HoldingsBench bench(tree_of_text(spilled_sums()));
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 0-1 x 0-1", "drain Y 0-1"));
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 2-3 x 0-1", "drain Y 2-3"));
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 0-1 x 2-3", "fill Y 0-1", "drain Y 0-1"));
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 2-3 x 2-3", "fill Y 2-3", "drain Y 2-3"));
  EXPECT_TRUE(bench.holdings().all_released());
  const AccessMeasures outer = bench.measures("Y", "F", 0);
  EXPECT_EQ(outer.writes, 8);
  EXPECT_EQ(outer.reads, 4);
  EXPECT_EQ(bench.account("Y", "F").differences.first_updates, 4);
}

/// The sums of the first visit are still on their way out when the second one needs them: they stay, but it waits.
TEST(Holdings, SumsOnTheirWayOutAreNotFetchedBackButWaitedFor) {
  HoldingsBench bench(tree_of_text(spilled_sums()));
  const Plan first = bench.plan("F");
  bench.complete(bench.holdings().admit(first));
  const std::vector<Move> slow = bench.retire("F", first);
  ASSERT_THAT(bench.texts(slow), ElementsAre("drain Y 0-1"));
  EXPECT_TRUE(bench.holdings().writeback_pending(LevelId(1)));
  bench.execute("F");
  const Plan third = bench.plan("F");
  EXPECT_EQ(third.kept.begin()->second, 2 * word_bits(bench.tree(), tensor_named(bench.tree(), "Y"), LevelId(1)));
  EXPECT_THAT(bench.complete(bench.holdings().admit(third)), ElementsAre("fill X 0-1 x 2-3"));
  EXPECT_TRUE(bench.holdings().inputs_ready(third));
  EXPECT_FALSE(bench.holdings().outputs_ready(third));
  bench.complete(slow);
  EXPECT_FALSE(bench.holdings().writeback_pending(LevelId(1)));
  EXPECT_TRUE(bench.holdings().outputs_ready(third));
  EXPECT_EQ(bench.held("Y"), "0-1");
  EXPECT_THAT(bench.texts(bench.retire("F", third)), ElementsAre("drain Y 0-1"));
}

TEST(Holdings, AnOperationIsReadyWhenAllOfItsWordsAreThere) {
  HoldingsBench bench(tree_of_text(windows()));
  const Plan plan = bench.plan("F");
  EXPECT_TRUE(plan.sources_ready);
  const std::vector<Move> fills = bench.holdings().admit(plan);
  ASSERT_THAT(fills, SizeIs(2));
  EXPECT_FALSE(bench.holdings().inputs_ready(plan));
  bench.holdings().complete(fills[1]);
  EXPECT_FALSE(bench.holdings().inputs_ready(plan));
  bench.holdings().complete(fills[0]);
  EXPECT_TRUE(bench.holdings().inputs_ready(plan));
  EXPECT_TRUE(bench.holdings().outputs_ready(plan));
}

/// The next tile is planned while the first one's words are on their way.
TEST(Holdings, WordsOnTheirWayAreNotMovedAgain) {
  HoldingsBench bench(tree_of_text(fused_windows("pipeline")));
  const Plan first = bench.plan("F");
  EXPECT_THAT(bench.texts(bench.holdings().admit(first)), ElementsAre("fill X 0-7", "fill U 0-2"));
  EXPECT_EQ(lanes_text({{{}, entry_of(bench, bench.plan("F"), "X").lanes.front().move}}), "");
}

/// The second tile of Y goes from 4 to 9, of which two words are there: F makes four and needs four more of X.
TEST(Holdings, AnIntermediateIsRetainedBetweenTiles) {
  HoldingsBench bench(tree_of_text(fused_windows("sequential")));
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 0-7", "fill U 0-2"));
  EXPECT_EQ(bench.held("Y"), "0-5");
  EXPECT_EQ(bench.held("X"), "6-7") << "the first tile of F is done";
  EXPECT_THAT(bench.execute("G"), ElementsAre("fill V 0-2", "drain Z 0-3"));
  EXPECT_EQ(bench.held("Y"), "4-5");
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 8-11"));
  EXPECT_EQ(bench.held("Y"), "4-9");
  EXPECT_THAT(bench.execute("G"), ElementsAre("drain Z 4-7"));
  EXPECT_TRUE(bench.holdings().all_released());
  EXPECT_EQ(bench.measures("Y", "F").fills, 6 + 4);
  EXPECT_EQ(bench.measures("Y", "G").fills, 6 + 4);
  EXPECT_EQ(bench.measures("Y", "F").parent_reads, 0);
}

/// `exploits_reuse: false` changes what F has to make, not what buffers hold: the two words stay where they are.
TEST(Holdings, WithoutReuseWordsAreMadeAgainInPlace) {
  HoldingsBench bench(tree_of_text(fused_windows("sequential", ", exploits_reuse: false")));
  bench.execute("F");
  bench.execute("G");
  EXPECT_EQ(bench.held("Y"), "4-5");
  const Plan again = bench.plan("F");
  const Plan::Lane& y = entry_of(bench, again, "Y").lanes.front();
  EXPECT_EQ(words_text(y.stored), "4-9");
  EXPECT_EQ(words_text(y.fresh), "4-9");
  EXPECT_EQ(words_text(y.finished), "4-9");
  EXPECT_EQ(words_text(y.allocate), "6-9");
  EXPECT_EQ(y.copies, 0);
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 8-11")) << "of 4-11, 4-7 is held";
  EXPECT_THAT(bench.execute("G"), ElementsAre("drain Z 4-7"));
}

/// In a pipeline F is a tile ahead. The words that it makes again go into a slot of their own while G reads the old
/// ones.
TEST(Holdings, WordsMadeAgainWhileAConsumerReadsThemTakeSpaceOfTheirOwn) {
  HoldingsBench bench(tree_of_text(fused_windows("pipeline", ", exploits_reuse: false")));
  const std::int64_t bits = word_bits(bench.tree(), tensor_named(bench.tree(), "Y"), LevelId(1));
  bench.execute("F");
  const Plan again = bench.plan("F");
  EXPECT_EQ(entry_of(bench, again, "Y").lanes.front().copies, 2);
  EXPECT_EQ(again.bits.at({LevelId(1), Place()}), (4 + 4 + 2) * bits) << "X 8-11, Y 6-9, and Y 4-5 once more";
  const Words before = bench.holdings().words_held(LevelId(1));
  bench.complete(bench.holdings().admit(again));
  EXPECT_EQ(bench.holdings().words_held(LevelId(1)), before + Words(10));
  bench.complete(bench.retire("F", again));
  // U has been given up, and X too.
  EXPECT_EQ(bench.holdings().words_held(LevelId(1)), Words(10 + 2));
  bench.execute("G");
  EXPECT_EQ(bench.holdings().words_held(LevelId(1)), Words(6 + 3)) << "Y 4-9 and V";
  bench.execute("G");
  EXPECT_TRUE(bench.holdings().all_released());
  EXPECT_EQ(bench.holdings().words_held(LevelId(1)), Words(0));
}

/// Y goes through main memory from F to G.
std::string through_main_memory() {
  return input_of(copy_of("F", "P", "X", "Y", 4) + copy_of("G", "Q", "Y", "Z", 4),
                  R"(- {type: storage, target: 0, dspace: [X, Y, Z]}
- type: sequential
  branches:
  - - {type: temporal, rank: P, tile_shape: 2}
    - {type: storage, target: 1, dspace: [X, Y]}
    - {type: compute, einsum: F, target: 2}
  - - {type: storage, target: 1, dspace: [Y, Z]}
    - {type: compute, einsum: G, target: 2})");
}

TEST(Holdings, AFillWaitsUntilItsWordsHaveBeenWrittenBack) {
  HoldingsBench bench(tree_of_text(through_main_memory()));
  bench.execute("F");
  EXPECT_FALSE(bench.plan("G").sources_ready) << "F has made half of them";
  const Plan last = bench.plan("F");
  bench.complete(bench.holdings().admit(last));
  const std::vector<Move> drains = bench.retire("F", last);
  ASSERT_THAT(bench.texts(drains), ElementsAre("drain Y 2-3"));
  const Plan reader = bench.plan("G");
  EXPECT_TRUE(reader.sources_ready) << "on their way";
  const std::vector<Move> fills = bench.holdings().admit(reader);
  ASSERT_THAT(bench.texts(fills), ElementsAre("fill Y 0-3"));
  EXPECT_FALSE(bench.holdings().may_move(fills.front()));
  bench.complete(drains);
  EXPECT_TRUE(bench.holdings().may_move(fills.front()));
}

/// Words of a tensor that one node holds for two einsums are filled by whoever comes first.
TEST(Holdings, AnEinsumFindsWhatAnotherOneHasFetched) {
  const std::string text = input_of(copy_of("F", "P", "X", "Y", 4) + R"(
- shape:
    name: G
    dimensions: [Q]
    data_spaces:
    - {name: X, projection: '[ Q ]'}
    - {name: Y, projection: '[ Q ]'}
    - {name: Z, projection: '[ Q ]', read_write: true}
  instance: {Q: 4})",
                                    R"(- {type: storage, target: 0, dspace: [X, Z]}
- {type: temporal, rank: Q, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y, Z]}
- type: sequential
  branches:
  - - {type: compute, einsum: F, target: 2}
  - - {type: compute, einsum: G, target: 2})");
  HoldingsBench bench(tree_of_text(text));
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 0-1"));
  EXPECT_EQ(bench.held("X"), "0-1") << "G reads it too";
  EXPECT_THAT(bench.execute("G"), ElementsAre("drain Z 0-1"));
  EXPECT_EQ(bench.held("X"), "");
  bench.execute("F");
  bench.execute("G");
  EXPECT_EQ(bench.measures("X", "G").fills, 4);
  EXPECT_EQ(bench.account("X", "G").differences.shared_fills, 4);
  EXPECT_EQ(bench.account("X", "G", 0).differences.child_shared, 4);
}

/// A spatial loop above the nodes: instances of the buffer with words of their own. Main memory reads a word once for
/// both, also the two that the windows share.
TEST(Holdings, InstancesHoldWordsOfTheirOwn) {
  const std::string text =
      input_of(window_over("F", "X", "W", "Y", 8), R"(- {type: storage, target: 0, dspace: [X, W, Y]}
- {type: spatial, rank: PF, tile_shape: 4}
- {type: storage, target: 1, dspace: [X, W, Y]}
- {type: compute, einsum: F, target: 2})");
  HoldingsBench bench(tree_of_text(text));
  EXPECT_EQ(bench.holdings().nodes()[bench.node("X")].place_size, 1U);
  const Plan plan = bench.plan("F");
  const std::vector<Move> fills = bench.holdings().admit(plan);
  ASSERT_THAT(bench.texts(fills), ElementsAre("fill X [0]: 0-5; [1]: 4-9", "fill W [0]: 0-2; [1]: 0-2"));
  EXPECT_EQ(fills[0].read, Words(10));
  EXPECT_EQ(fills[0].written, Words(12));
  EXPECT_EQ(fills[1].read, Words(3));
  EXPECT_EQ(fills[1].written, Words(6));
  EXPECT_EQ(bench.holdings().words_held(LevelId(1)), Words(6 + 3 + 4)) << "of the fullest instance";
  bench.complete(fills);
  const std::vector<Move> drains = bench.retire("F", plan);
  ASSERT_THAT(bench.texts(drains), ElementsAre("drain Y [0]: 0-3; [1]: 4-7"));
  EXPECT_EQ(drains[0].read, Words(8));
  EXPECT_EQ(drains[0].written, Words(8));
}

/// Nodes above the loop whose level is told apart below it: inputs are copied to each instance.
TEST(Holdings, ANodeAboveTheLoopOverItsInstancesIsACopyForEach) {
  const std::string text =
      input_of(window_over("F", "X", "W", "Y", 8), R"(- {type: storage, target: 0, dspace: [X, W, Y]}
- {type: storage, target: 1, dspace: [X, W]}
- {type: spatial, rank: PF, tile_shape: 4}
- {type: storage, target: 1, dspace: [Y]}
- {type: compute, einsum: F, target: 2})");
  HoldingsBench bench(tree_of_text(text));
  const HoldingNode& x = bench.holdings().nodes()[bench.node("X")];
  EXPECT_TRUE(x.by_instance);
  EXPECT_FALSE(x.shared);
  EXPECT_THAT(bench.execute("F"),
              ElementsAre("fill X [0]: 0-5; [1]: 4-9", "fill W [0]: 0-2; [1]: 0-2", "drain Y [0]: 0-3; [1]: 4-7"));
}

/// What one instance makes for others is one copy for all of them.
TEST(Holdings, AnIntermediateAboveTheLoopsOverInstancesIsOneCopy) {
  const std::string text = input_of(copy_of("F", "P", "X", "Y", 4) + copy_of("G", "Q", "Y", "Z", 4),
                                    R"(- {type: storage, target: 0, dspace: [X, Z]}
- {type: storage, target: 1, dspace: [Y]}
- type: sequential
  branches:
  - - {type: spatial, rank: P, tile_shape: 2}
    - {type: storage, target: 1, dspace: [X]}
    - {type: compute, einsum: F, target: 2}
  - - {type: spatial, rank: Q, tile_shape: 2}
    - {type: storage, target: 1, dspace: [Z]}
    - {type: compute, einsum: G, target: 2})");
  HoldingsBench bench(tree_of_text(text));
  const HoldingNode& y = bench.holdings().nodes()[bench.node("Y")];
  EXPECT_TRUE(y.shared);
  EXPECT_FALSE(y.by_instance);
  EXPECT_EQ(y.place_size, 0U);
  const Plan plan = bench.plan("F");
  const Plan::Entry& entry = entry_of(bench, plan, "Y");
  ASSERT_THAT(entry.lanes, SizeIs(1));
  EXPECT_EQ(words_text(entry.lanes.front().stored), "0-3");
  EXPECT_EQ(lanes_text(entry.instances), "[0]: 0-1; [1]: 2-3") << "what each touches of it";
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X [0]: 0-1; [1]: 2-3"));
  EXPECT_EQ(bench.held("Y"), "0-3");
  EXPECT_EQ(bench.holdings().words_held(LevelId(1)), Words(4)) << "every instance holds all of them";
  EXPECT_THAT(bench.execute("G"), ElementsAre("drain Z [0]: 0-1; [1]: 2-3"));
  EXPECT_EQ(bench.account("Y", "F").differences.one_copy_occupancy, 4 - 2);
}

/// Instances 0 and 1 read X 4t to 4t + 3 and 4t + 2 to 4t + 5 in iteration t: what instance 1 held in iteration 0 is
/// half of what instance 0 needs in iteration 1.
TEST(Holdings, ANeighbourGivesWhatItHeldAnIterationAgo) {
  const std::string text =
      input_of(window_over("F", "X", "W", "Y", 8), R"(- {type: storage, target: 0, dspace: [X, W, Y]}
- {type: temporal, rank: PF, tile_shape: 4}
- {type: spatial, rank: PF, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, W, Y]}
- {type: compute, einsum: F, target: 2})");
  HoldingsBench bench(tree_of_text(text));
  bench.execute("F");
  const std::vector<Move> fills = bench.holdings().admit(bench.plan("F"));
  ASSERT_THAT(bench.texts(fills), ElementsAre("fill X [0]: 4-7; [1]: 6-9"));
  EXPECT_EQ(lanes_text(fills.front().peers), "[0]: 4-5");
  EXPECT_EQ(fills.front().read, Words(4)) << "6-9, once for both";
  EXPECT_EQ(fills.front().written, Words(8));
  const AccessMeasures x = bench.measures("X", "F");
  EXPECT_EQ(x.peer, 2);
  EXPECT_EQ(x.reads, 2) << "a neighbour is read";
  EXPECT_EQ(x.parent_reads, 6 + 4);
}

TEST(Holdings, SpaceIsTakenOnAdmissionAndGivenBackWithTheWords) {
  HoldingsBench bench(tree_of_text(windows() + buffer_of(20)));
  Holdings& holdings = bench.holdings();
  const auto free_words = [&] { return *holdings.free_bits(LevelId(1), {}) / 8; };
  EXPECT_FALSE(holdings.free_bits(LevelId(0), {})) << "unlimited";
  EXPECT_EQ(free_words(), 20);
  const Plan plan = bench.plan("F");
  EXPECT_EQ(plan.bits, (LevelBits{{{LevelId(0), {}}, plan.bits.at({LevelId(0), {}})}, {{LevelId(1), {}}, 8 * 13}}));
  EXPECT_EQ(free_words(), 20) << "a plan takes nothing";
  const std::vector<Move> fills = holdings.admit(plan);
  EXPECT_EQ(free_words(), 20 - 6 - 3 - 4);
  EXPECT_EQ(holdings.words_held(LevelId(1)), Words(13));
  bench.complete(fills);
  const std::vector<Move> drains = bench.retire("F", plan);
  EXPECT_EQ(free_words(), 20 - 2 - 3 - 4) << "results stay until they have been written";
  EXPECT_TRUE(holdings.writeback_pending(LevelId(1)));
  bench.complete(drains);
  EXPECT_EQ(free_words(), 20 - 2 - 3);
  EXPECT_FALSE(holdings.writeback_pending(LevelId(1)));
}

TEST(Holdings, PeaksAreTheMostThatWasHeld) {
  HoldingsBench bench(tree_of_text(windows() + buffer_of(20)));
  bench.execute("F");
  bench.execute("F");
  const Holdings::Peak& peak = bench.holdings().peaks().at(LevelId(1));
  EXPECT_EQ(peak.words, 13);
  EXPECT_EQ(peak.bits, 8 * 13);
  EXPECT_EQ(peak.live_words, 13);
  const NodeId x = bench.holdings().nodes()[bench.node("X")].id;
  const NodeId w = bench.holdings().nodes()[bench.node("W")].id;
  const NodeId y = bench.holdings().nodes()[bench.node("Y")].id;
  EXPECT_EQ(peak.words_by_node, (std::map<NodeId, std::int64_t>{{x, 6}, {w, 3}, {y, 4}}));
}

/// The second operation takes its words while the first one's results are written back, which nobody reads again.
TEST(Holdings, WordsThatNobodyReadsAgainAreNotLive) {
  HoldingsBench bench(tree_of_text(windows()));
  const Plan first = bench.plan("F");
  bench.complete(bench.holdings().admit(first));
  const std::vector<Move> slow = bench.retire("F", first);
  bench.complete(bench.holdings().admit(bench.plan("F")));
  const Holdings::Peak& peak = bench.holdings().peaks().at(LevelId(1));
  EXPECT_EQ(peak.words, 6 + 3 + 4 + 4);
  EXPECT_EQ(peak.live_words, 6 + 3 + 4);
}

TEST(Holdings, ListWhatEveryNodeOfALevelHolds) {
  HoldingsBench bench(tree_of_text(windows()));
  bench.complete(bench.holdings().admit(bench.plan("F")));
  std::map<std::string, std::int64_t> words;
  for (const Holdings::HeldTile& tile : bench.holdings().held(LevelId(1))) {
    EXPECT_THAT(tile.place, IsEmpty());
    words[bench.tree().graph.tensors[bench.holdings().nodes()[tile.node].tensor].name] = tile.words.value;
  }
  EXPECT_EQ(words, (std::map<std::string, std::int64_t>{{"X", 6}, {"W", 3}, {"Y", 4}}));
  EXPECT_EQ(bench.held("X", 0), "0-5") << "main memory, as far as it was touched";
}

TEST(Holdings, TheArraysTrafficIsAddedToTheNodeAboveIt) {
  HoldingsBench bench(tree_of_text(windows()));
  const HoldingNode& x = bench.holdings().nodes()[bench.node("X")];
  const HoldingNode& y = bench.holdings().nodes()[bench.node("Y")];
  const Leaf& leaf = bench.schedule().leaves.front();
  const TrafficPoint input{leaf.program.compute, x.tensor, false, x.id};
  const TrafficPoint output{leaf.program.compute, y.tensor, true, y.id};
  ArrayTraffic read;
  read.touched_parent = 12;
  read.ruled_parent = 15;
  read.moved_parent = 10;
  ArrayTraffic written;
  written.touched_parent = written.ruled_parent = written.moved_parent = 20;
  written.first_updates = 4;
  bench.holdings().add_array_traffic(leaf, {input, output}, {read, written});
  const AccessAccount of_x = bench.account("X", "F");
  EXPECT_EQ(of_x.measures.reads, 10);
  EXPECT_EQ(of_x.measures.writes, 0);
  EXPECT_EQ(of_x.differences.child_padding, 2);
  EXPECT_EQ(of_x.differences.child_multicast, 3);
  const AccessAccount of_y = bench.account("Y", "F");
  EXPECT_EQ(of_y.measures.reads, 20 - 4);
  EXPECT_EQ(of_y.measures.writes, 20);
  EXPECT_EQ(of_y.differences.child_first_updates, 4);
}

/// Nodes between others: parents before children, and sums that leave the inner one go to the outer one.
std::string three_nodes() {
  return input_of(sum_over_columns("F", "X", "Y", 4, 4), R"(- {type: storage, target: 0, dspace: [X, Y]}
- {type: storage, target: 1, dspace: [Y]}
- {type: temporal, rank: PF, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})");
}

TEST(Holdings, WordsGoFromNodeToNode) {
  HoldingsBench bench(tree_of_text(three_nodes()));
  const std::vector<HoldingNode>& nodes = bench.holdings().nodes();
  const HoldingIndex outer = bench.node("Y");
  ASSERT_THAT(nodes[outer].children, SizeIs(1));
  EXPECT_EQ(nodes[nodes[outer].children.front()].parent, outer);
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 0-1 x 0-3", "drain Y 0-1"));
  EXPECT_EQ(bench.held("Y"), "0-1") << "the outer one";
  EXPECT_THAT(bench.execute("F"), ElementsAre("fill X 2-3 x 0-3", "drain Y 2-3", "drain Y 0-3"));
  EXPECT_TRUE(bench.holdings().all_released());
}

/// Whatever the tree: what nodes hold is what the level is charged with, moves are what is counted, and nothing is
/// left. Tile operations run in tree order.
RC_GTEST_PROP(HoldingsProperty, WhatMovesIsWhatIsCounted, ()) {
  // A smaller seed is no simpler case.
  const auto seed = *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  Choices choices(random_numbers(seed));
  RandomTreeLimits limits;
  limits.several_buffers = false;
  RandomCase random = random_case(choices, limits);
  random.architecture.memories[1].refetch = *rc::gen::element(false, false, true);
  random.architecture.memories[1].early_write_back = *rc::gen::arbitrary<bool>();
  Diagnostics diagnostics;
  std::optional<BoundTree> tree;
  try {
    tree = bind_mapping(random.graph, random.architecture, random.tree, {}, diagnostics);
    minimum_space(*tree, make_schedule(*tree), [](const RetiredOperation&) {});
  } catch (const std::exception&) {
    RC_DISCARD("does not bind");
  }
  const Schedule schedule = make_schedule(*tree);
  Holdings holdings(*tree, schedule);
  std::vector<LeafIndex> leaves;
  for (LeafIndex leaf = 0; leaf < schedule.leaves.size(); ++leaf) leaves.push_back(leaf);
  SequentialOrder order(*tree, schedule, leaves);
  for (LeafIndex leaf : leaves) holdings.start(leaf, order.next_time(leaf));
  std::map<HoldingIndex, std::int64_t> filled, fetched, drained;
  const auto complete = [&](std::vector<Move> moves) {
    while (!moves.empty()) {
      for (const Move& move : moves) {
        RC_ASSERT(holdings.may_move(move));
        holdings.complete(move);
        if (move.kind == Move::Kind::fill) {
          filled[move.child] += move.written.value;
          fetched[move.child] += move.read.value;
        } else {
          drained[move.child] += move.read.value;
        }
      }
      moves = holdings.close_pending();
    }
    for (const LevelId level : {LevelId(0), LevelId(1)}) {
      std::int64_t held = 0;
      for (const Holdings::HeldTile& tile : holdings.held(level)) held += tile.words.value;
      RC_ASSERT(holdings.words_held(level).value == held);
    }
  };
  while (order.peek() != nullptr) {
    const TileOperation operation = order.take();
    const Plan plan = holdings.plan(operation);
    complete(holdings.admit(plan));
    RC_ASSERT(holdings.inputs_ready(plan));
    RC_ASSERT(holdings.outputs_ready(plan));
    RC_ASSERT(!holdings.writeback_pending(LevelId(1)));
    complete(holdings.retire(plan, order.next_time(operation.leaf)));
  }
  RC_ASSERT(holdings.all_released());
  std::map<HoldingIndex, std::int64_t> writes, parent_reads, drain_reads;
  for (const AccessAccount& account : holdings.accounts()) {
    if (!holdings.nodes()[account.node].parent) continue;
    writes[account.node] += account.measures.writes;
    parent_reads[account.node] += account.measures.parent_reads;
    drain_reads[account.node] += account.differences.drain_reads;
  }
  for (const auto& [node, count] : parent_reads) {
    RC_ASSERT(count == fetched[node]);
    RC_ASSERT(drain_reads[node] == drained[node]);
    std::int64_t from_children = 0;  // written up by them
    for (HoldingIndex child : holdings.nodes()[node].children) from_children += drained[child];
    RC_ASSERT(writes[node] == filled[node] + from_children);
  }
}

}  // namespace
}  // namespace loopsim
