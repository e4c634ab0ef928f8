#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/dram/TlmMover.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;

/// A tensor of 64 bytes from address 32 on, bursts of 16 bytes, unlimited ports, one cycle a nanosecond.
class TlmMoverTest : public ::testing::Test {
 protected:
  TlmMoverTest() : core_(Clock(1'000'000'000)) {
    architecture_.memories.resize(2);
    architecture_.dram.burst_bits = 128;
    ports_ = make_ports(architecture_, core_);
    StoredTensor tensor;
    tensor.first_byte = 32;
    tensor.box = {{0, 64}};
    tensor.order = {0};
    tensor.words = {1};
    tensor.total_words = 64;
    mover_.emplace(architecture_, std::vector<std::optional<StoredTensor>>{tensor}, ports_, core_, Clock(1'000'000'000),
                   [this](const TlmBurst& burst) { sent_.push_back(burst); });
  }

  Transfer transfer(std::int64_t number, Move::Kind kind, Coordinate low, Coordinate high) {
    Transfer result;
    result.number = number;
    result.move.kind = kind;
    result.move.lanes = {{{}, PointSet(Box{{IntervalSet(low, high)}})}};
    result.source = LevelId(kind == Move::Kind::fill ? 0 : 1);
    result.destination = LevelId(kind == Move::Kind::fill ? 1 : 0);
    result.source_bits = result.destination_bits = 8 * (high - low);
    return result;
  }
  std::vector<Transfer*> advance(std::int64_t nanoseconds) {
    std::vector<Transfer*> done;
    mover_->advance(Picoseconds(1000 * nanoseconds), done);
    return done;
  }
  static Picoseconds at(std::int64_t nanoseconds) { return Picoseconds(1000 * nanoseconds); }

  Architecture architecture_;
  PortCore core_;
  MemoryPorts ports_;
  std::vector<TlmBurst> sent_;
  std::optional<TlmMover> mover_;
};

TEST_F(TlmMoverTest, CutsATransferAtTheBoundariesOfBursts) {
  Transfer fill = transfer(1, Move::Kind::fill, 8, 30);  // addresses 40 to 61
  mover_->submit(fill, at(0));
  advance(0);
  ASSERT_EQ(sent_.size(), 1U) << "the next one waits until the memory has taken this one";
  EXPECT_EQ(sent_[0].address, 40U);
  EXPECT_EQ(sent_[0].bytes, 8);
  mover_->accepted(at(3));
  advance(3);
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_EQ(sent_[1].address, 48U);
  EXPECT_EQ(sent_[1].bytes, 14);
  mover_->accepted(at(6));
  mover_->answered(0, at(7));
  mover_->answered(1, at(9));
  EXPECT_EQ(mover_->next_event(), at(6));
  EXPECT_TRUE(advance(6).empty());
  EXPECT_TRUE(advance(7).empty());
  EXPECT_THAT(advance(9), ElementsAre(&fill));
  EXPECT_EQ(fill.left_memory, Cycle(9));
  EXPECT_EQ(fill.completed, Cycle(9));
  EXPECT_EQ(mover_->counters().read_bytes, 22);
  EXPECT_EQ(mover_->counters().read_bursts, 2);
  EXPECT_FALSE(mover_->next_event());
}

TEST_F(TlmMoverTest, TheMostUrgentGoesFirstForEveryBurst) {
  Transfer ahead = transfer(1, Move::Kind::fill, 0, 32);
  ahead.urgency = Transfer::Urgency::prefetch;
  Transfer demanded = transfer(2, Move::Kind::fill, 32, 48);
  mover_->submit(ahead, at(0));
  advance(0);
  mover_->submit(demanded, at(1));
  advance(1);
  EXPECT_EQ(sent_.size(), 1U);
  mover_->accepted(at(4));
  advance(4);
  mover_->accepted(at(8));
  advance(8);
  ASSERT_EQ(sent_.size(), 3U);
  EXPECT_EQ(sent_[0].address, 32U);
  EXPECT_EQ(sent_[1].address, 64U) << "demanded";
  EXPECT_EQ(sent_[2].address, 48U);
}

TEST_F(TlmMoverTest, NoMoreThanTheQueueHoldsAreUnanswered) {
  architecture_.dram.controller.queue_depth = 2;
  Transfer fill = transfer(1, Move::Kind::fill, 0, 64);
  mover_->submit(fill, at(0));
  advance(0);
  mover_->accepted(at(1));
  advance(1);
  mover_->accepted(at(2));
  advance(2);
  EXPECT_EQ(sent_.size(), 2U);
  mover_->answered(0, at(5));
  advance(5);
  EXPECT_EQ(sent_.size(), 3U);
}

TEST_F(TlmMoverTest, AWriteIsDoneWithItsLastAnswer) {
  Transfer drain = transfer(1, Move::Kind::drain, 0, 32);
  mover_->submit(drain, at(0));
  advance(0);
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_TRUE(sent_[0].write);
  mover_->accepted(at(2));
  mover_->answered(0, at(2));
  advance(2);
  ASSERT_EQ(sent_.size(), 2U);
  mover_->answered(1, at(4));
  EXPECT_THAT(advance(4), ElementsAre(&drain));
  EXPECT_EQ(mover_->counters().write_bytes, 32);
}

}  // namespace
}  // namespace loopsim
