#include <gtest/gtest.h>

#include "sim/sequencer/TransferTable.hpp"
#include "tests/sim/buffers/BufferCases.hpp"

namespace loopsim {
namespace {

using Urgency = Transfer::Urgency;

struct TransferTableTest : ::testing::Test {
  Move fill_of(const std::string& tensor, const PointSet& moved) const {
    Move move;
    move.child = node_of(tree, nodes, tensor);
    move.parent = node_of(tree, nodes, tensor, 0);
    move.lanes.push_back({{}, moved});
    move.read = move.written = Words(moved.size());
    return move;
  }
  /// An operation that reads these words of X in the buffer.
  PendingTile reader_of(const PointSet& read) const {
    PendingTile tile;
    tile.plan.emplace();
    Plan::Entry entry;
    entry.node = node_of(tree, nodes, "X");
    entry.innermost = true;
    entry.lanes.emplace_back().stored = read;
    tile.plan->entries.push_back(entry);
    return tile;
  }

  BoundTree tree = tree_of_text(windows());
  Schedule schedule = make_schedule(tree);
  std::vector<HoldingNode> nodes = holding_nodes(tree, schedule);
  TransferTable table{tree, nodes};
};

TEST_F(TransferTableTest, AMoveBecomesATransferWithItsBits) {
  const Transfer& fill = *table.add(fill_of("X", words(0, 6)), Urgency::prefetch, Cycle(7), {}).transfer;
  EXPECT_EQ(fill.number, 0);
  EXPECT_EQ(fill.source, LevelId(0));
  EXPECT_EQ(fill.destination, LevelId(1));
  EXPECT_EQ(fill.source_bits, 6 * 8);
  EXPECT_EQ(fill.destination_bits, 6 * 8);
  EXPECT_EQ(fill.issued, Cycle(7));
  EXPECT_EQ(fill.urgency, Urgency::prefetch);
}

TEST_F(TransferTableTest, ADrainThatFreesSpaceIsAwaited) {
  Move drain = fill_of("Y", words(0, 4));
  drain.kind = Move::Kind::drain;
  EXPECT_EQ(table.add(drain, Urgency::drain, Cycle(), {}).transfer->urgency, Urgency::drain);
  drain.leaving.push_back({{}, words(0, 4)});
  const Transfer& awaited = *table.add(drain, Urgency::drain, Cycle(), {}).transfer;
  EXPECT_EQ(awaited.urgency, Urgency::awaited_drain);
  EXPECT_EQ(awaited.source, LevelId(1));
}

TEST_F(TransferTableTest, InstancesMoveSideBySide) {
  Move fill = fill_of("X", words(0, 6));
  fill.lanes.push_back({{}, words(4, 6)});
  fill.read = Words(6);
  fill.written = Words(8);
  const Transfer& transfer = *table.add(fill, Urgency::prefetch, Cycle(), {}).transfer;
  EXPECT_EQ(transfer.source_bits, 6 * 8) << "each word is read once";
  EXPECT_EQ(transfer.destination_bits, 6 * 8) << "the longest";
}

TEST_F(TransferTableTest, WhoReadsWhatIsOnItsWayWaitsForIt) {
  TransferTable::Entry& entry = table.add(fill_of("X", words(0, 6)), Urgency::prefetch, Cycle(), {});
  PendingTile reader = reader_of(words(5, 9));
  PendingTile other = reader_of(words(6, 9));
  table.join(reader, Urgency::demand_fill);
  table.join(other, Urgency::demand_fill);
  EXPECT_EQ(entry.waiting, std::vector<PendingTile*>{&reader});
  EXPECT_EQ(reader.moves_left, 1);
  EXPECT_EQ(other.moves_left, 0);
  EXPECT_EQ(entry.transfer->urgency, Urgency::demand_fill);
  table.join(reader, Urgency::demand_fill);
  EXPECT_EQ(reader.moves_left, 1) << "once";
}

TEST_F(TransferTableTest, WhatAnOperationWaitsForBecomesUrgentWithItsTurn) {
  PendingTile reader = reader_of(words(0, 6));
  TransferTable::Entry& entry = table.add(fill_of("X", words(0, 6)), Urgency::prefetch, Cycle(), {});
  table.join(reader, Urgency::prefetch);
  TransferTable::Entry& unrelated = table.add(fill_of("W", words(0, 3)), Urgency::prefetch, Cycle(), {});
  table.urge(reader);
  EXPECT_EQ(entry.transfer->urgency, Urgency::demand_fill);
  EXPECT_EQ(unrelated.transfer->urgency, Urgency::prefetch);
}

TEST_F(TransferTableTest, WhatIsCompleteIsTakenOut) {
  const Transfer& first = *table.add(fill_of("X", words(0, 6)), Urgency::prefetch, Cycle(), {}).transfer;
  table.add(fill_of("W", words(0, 3)), Urgency::prefetch, Cycle(), {});
  EXPECT_EQ(table.take(first).transfer->number, 0);
  EXPECT_EQ(table.entries().begin()->first, 1);
  EXPECT_FALSE(table.empty());
}

}  // namespace
}  // namespace loopsim
