#include <gtest/gtest.h>

#include "sim/buffers/EarlyWriteBack.hpp"
#include "sim/buffers/Refetch.hpp"
#include "sim/buffers/RetentionTable.hpp"
#include "tests/sim/buffers/BufferCases.hpp"

namespace loopsim {
namespace {

/// Words 2 to 7 are held, and 0 to 5 needed.
struct RetentionPolicyTest : ::testing::Test {
  RetentionPolicyTest() {
    buffet.held = buffet.valid = words(2, 8);
    need.stored = words(0, 6);
    need.allocate = words(0, 2);
  }
  Buffet buffet;
  Plan::Lane need;
};

TEST_F(RetentionPolicyTest, TilesFetchWhatIsNotHeld) {
  const RetentionPolicy policy;
  EXPECT_EQ(policy.to_fetch(buffet, need, 0), words(0, 2));
  policy.fetching(buffet, words(0, 3), 0);
  EXPECT_EQ(buffet.valid, words(3, 8)) << "an older copy is not read any more";
  EXPECT_TRUE(policy.to_write_back(buffet, need).empty());
  EXPECT_EQ(policy.to_release(buffet, words(6, 8)), words(6, 8));
}

TEST_F(RetentionPolicyTest, RefetchTakesATileWholeOncePerIteration) {
  const Refetch policy;
  EXPECT_EQ(policy.to_fetch(buffet, need, 4), words(0, 6));
  policy.fetching(buffet, words(0, 6), 4);
  EXPECT_EQ(buffet.valid, words(2, 8)) << "there is a copy";
  need.stored = words(0, 8);
  EXPECT_EQ(policy.to_fetch(buffet, need, 4), words(6, 8));
  EXPECT_EQ(policy.to_fetch(buffet, need, 5), words(0, 8));
  policy.fetching(buffet, words(0, 1), 5);
  EXPECT_EQ(buffet.fetched, words(0, 1));
}

TEST_F(RetentionPolicyTest, RefetchLeavesWhatWasMadeHere) {
  buffet.dirty = words(2, 4);
  EXPECT_EQ(Refetch().to_fetch(buffet, need, 0), unite(words(0, 2), words(4, 6)));
}

TEST_F(RetentionPolicyTest, EarlyWriteBackTakesWhatIsFinishedAndNotOnItsWay) {
  need.finished = words(0, 5);
  buffet.dirty = words(1, 8);
  buffet.in_flight = words(3, 4);
  EXPECT_EQ(EarlyWriteBack().to_write_back(buffet, need), unite(words(1, 3), words(4, 5)));
}

TEST(RetentionTable, TheMemorysKeysChoose) {
  const auto name = [](bool refetch, bool early, bool made_here) {
    MemoryLevel memory;
    memory.refetch = refetch;
    memory.early_write_back = early;
    return std::string(retention_policy(memory, made_here).name());
  };
  EXPECT_EQ(name(false, false, false), "tile_end");
  EXPECT_EQ(name(false, false, true), "tile_end");
  EXPECT_EQ(name(true, false, false), "refetch");
  EXPECT_EQ(name(true, false, true), "tile_end") << "what is made here is not fetched again";
  EXPECT_EQ(name(true, true, true), "early_write_back");
  EXPECT_EQ(name(false, true, false), "tile_end") << "operands are not written back";
}

}  // namespace
}  // namespace loopsim
