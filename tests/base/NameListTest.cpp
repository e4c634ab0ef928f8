#include <gtest/gtest.h>

#include "base/NameList.hpp"

namespace loopsim {
namespace {

TEST(NameList, ManyAreNotListedWhole) {
  EXPECT_EQ(list_names({}), "");
  EXPECT_EQ(list_names({"A"}), "'A'");
  EXPECT_EQ(list_names({"A", "B"}), "'A' and 'B'");
  EXPECT_EQ(list_names({"A", "B", "C", "D"}), "'A', 'B', 'C' and 'D'");
  EXPECT_EQ(list_names({"A", "B", "C", "D", "E"}), "'A', 'B', 'C' and 2 more");
}

}  // namespace
}  // namespace loopsim
