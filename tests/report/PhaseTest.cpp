#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>
#include <thread>

#include "report/Phase.hpp"

namespace loopsim {
namespace {

using ::testing::IsEmpty;
using ::testing::MatchesRegex;

/// What a phase of a length shows.
std::vector<std::string> shown_in(std::chrono::milliseconds length, bool busy = false) {
  std::mutex mutex;
  std::vector<std::string> lines;
  {
    const Phase phase(
        "reading the inputs",
        [&](const std::string& line) {
          const std::lock_guard lock(mutex);
          lines.push_back(line);
        },
        [busy] { return busy; });
    std::this_thread::sleep_for(length);
  }
  return lines;
}

TEST(Phase, ShortOnesShowNothing) {
  EXPECT_THAT(shown_in(std::chrono::milliseconds(100)), IsEmpty());
}

TEST(Phase, SaysForHowLongAndTakesItBack) {
  const std::vector<std::string> lines = shown_in(std::chrono::milliseconds(1'200));
  ASSERT_GE(lines.size(), 2U);
  EXPECT_THAT(lines.front(), MatchesRegex("\rreading the inputs, [0-9]+ s\x1b\\[K"));
  EXPECT_EQ(lines.back(), "\r\x1b[K");
}

TEST(Phase, SaysNothingWhereSomebodySaysMore) {
  EXPECT_THAT(shown_in(std::chrono::milliseconds(1'200), true), IsEmpty());
}

}  // namespace
}  // namespace loopsim
