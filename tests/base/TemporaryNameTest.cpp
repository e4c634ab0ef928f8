#include <gtest/gtest.h>
#include <unistd.h>

#include "base/TemporaryName.hpp"

namespace loopsim {
namespace {

TEST(TemporaryName, IsAbandonedWhenItsProcessIsNoMore) {
  const std::string own = temporary_path("folder", "a.b").filename();
  EXPECT_EQ(abandoned_name(own), "a.b") << "of an earlier process with this one's number";
  EXPECT_EQ(abandoned_name(".a.b.999999999.tmp"), "a.b");
  EXPECT_EQ(abandoned_name(".a.b." + std::to_string(getppid()) + ".tmp"), std::nullopt);
  for (const char* name : {"", ".tmp", "a.b", ".a.b.tmp", ".a.b.0.tmp", ".a.b.-5.tmp", ".a.b.12x.tmp", "..7.tmp",
                           "a.999999999.tmp", ".a.999999999.tm"}) {
    EXPECT_EQ(abandoned_name(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace loopsim
