#include <gtest/gtest.h>

#include "sim/buffers/Transfer.hpp"

namespace loopsim {
namespace {

Transfer transfer(std::int64_t number, Transfer::Urgency urgency) {
  Transfer result;
  result.number = number;
  result.urgency = urgency;
  return result;
}

TEST(Transfer, TheMoreUrgentGoesFirstAndThenTheOlder) {
  using Urgency = Transfer::Urgency;
  EXPECT_TRUE(goes_before(transfer(9, Urgency::demand_fill), transfer(1, Urgency::prefetch)));
  EXPECT_TRUE(goes_before(transfer(9, Urgency::awaited_drain), transfer(1, Urgency::prefetch)));
  EXPECT_FALSE(goes_before(transfer(1, Urgency::drain), transfer(9, Urgency::prefetch)));
  EXPECT_TRUE(goes_before(transfer(1, Urgency::drain), transfer(2, Urgency::drain)));
  EXPECT_FALSE(goes_before(transfer(2, Urgency::drain), transfer(2, Urgency::drain)));
}

TEST(Transfer, DrainsWriteMainMemory) {
  Transfer drain;
  EXPECT_FALSE(is_write(drain));
  drain.move.kind = Move::Kind::drain;
  EXPECT_TRUE(is_write(drain));
}

}  // namespace
}  // namespace loopsim
