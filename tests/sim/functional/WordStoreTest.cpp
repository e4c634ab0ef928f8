#include <gtest/gtest.h>

#include "sim/functional/WordStore.hpp"

namespace loopsim {
namespace {

TEST(WordStore, HoldsNothingAtFirst) {
  WordStore store(2000);
  EXPECT_FALSE(store.holds(1999));
  EXPECT_EQ(store.finished(1999), nullptr);
  EXPECT_EQ(store.running(1999), nullptr);
}

TEST(WordStore, RunningWordsAreNotReadable) {
  WordStore store(10);
  store.begin(3, 5);
  ASSERT_NE(store.running(3), nullptr);
  *store.running(3) += 2;
  EXPECT_EQ(store.finished(3), nullptr);
  EXPECT_TRUE(store.holds(3));
  store.finish(3);
  ASSERT_NE(store.finished(3), nullptr);
  EXPECT_EQ(*store.finished(3), 7);
  EXPECT_EQ(store.running(3), nullptr);
}

TEST(WordStore, RecomputedWordsStayReadable) {
  WordStore store(10);
  store.put(3, 7);
  store.begin(3, 0);
  ASSERT_NE(store.finished(3), nullptr);
  EXPECT_EQ(*store.finished(3), 7);
  *store.running(3) = 8;
  EXPECT_EQ(*store.finished(3), 7);
  store.finish(3);
  EXPECT_EQ(*store.finished(3), 8);
}

TEST(WordStore, ForgetsWhatIsErased) {
  WordStore store(2000);
  store.put(3, 7);
  store.begin(3, 0);
  store.put(1500, 9);
  store.erase(3);
  store.erase(4);
  EXPECT_FALSE(store.holds(3));
  EXPECT_EQ(store.finished(3), nullptr);
  ASSERT_NE(store.finished(1500), nullptr);
  EXPECT_EQ(*store.finished(1500), 9);
  store.begin(3, 1);
  EXPECT_EQ(store.finished(3), nullptr);
}

}  // namespace
}  // namespace loopsim
