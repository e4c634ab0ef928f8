#include <gtest/gtest.h>

#include "runs/Progress.hpp"

namespace loopsim {
namespace {

constexpr std::int64_t steps_of_one = 250;

/// A run of a thousand steps and what it shows.
struct Watched {
  double now = 100;
  std::string shown;
  Progress progress{[this] { return now; }, [this](const std::string& text) { shown = text; }};

  Watched() { progress.expect_steps(4 * steps_of_one); }
  void end_operation_at(double seconds, std::int64_t cycles) {
    now = seconds;
    OperationRecord record;
    record.steps = steps_of_one;
    record.end = Cycle(cycles);
    progress.operation_ended(record);
  }
};

TEST(Progress, ShortRunsShowNothing) {
  Watched run;
  run.progress.operation_checked();
  run.progress.begin({nullptr, nullptr, nullptr, Clock(1'000'000'000), {}, {}});
  run.end_operation_at(100.9, 1'000);
  run.progress.end(Cycle(1'000));
  EXPECT_EQ(run.shown, "");
}

TEST(Progress, SaysHowFarARunIsAndTakesItBack) {
  Watched run;
  run.progress.begin({nullptr, nullptr, nullptr, Clock(1'000'000'000), {}, {}});
  run.end_operation_at(102, 1'000'000);
  EXPECT_EQ(run.shown, "\r 25 %, 1,000,000 cycles, 500.0 k cycles/s, 6 s left\x1b[K");
  run.end_operation_at(102.1, 2'000'000);
  EXPECT_EQ(run.shown, "\r 25 %, 1,000,000 cycles, 500.0 k cycles/s, 6 s left\x1b[K");  // not all the time
  run.end_operation_at(103, 3'000'000);
  EXPECT_EQ(run.shown, "\r 75 %, 3,000,000 cycles, 1.0 M cycles/s, 1 s left\x1b[K");
  run.progress.end(Cycle(4'000'000));
  EXPECT_EQ(run.shown, "\r\x1b[K");
}

TEST(Progress, SaysThatAMappingIsChecked) {
  Watched run;
  for (int i = 0; i < 1'500; ++i) run.progress.operation_checked();
  run.now = 101.5;
  run.progress.operation_checked();
  EXPECT_EQ(run.shown, "\rchecking whether the mapping fits, 1,501 tile operations\x1b[K");
  run.progress.cut(Cycle(), "interrupted");
  EXPECT_EQ(run.shown, "\r\x1b[K");
}

TEST(Progress, TextsAreShort) {
  EXPECT_EQ(progress_text({90'000, 1, 3, Cycle(9'000'000'000'000'000)}),
            " 33 %, 9,000,000,000,000,000 cycles, 100.0 G cycles/s, 50 h 0 min left");
  EXPECT_EQ(progress_text({300, 1, 2, Cycle(10)}), " 50 %, 10 cycles, 0.0 k cycles/s, 5 min 0 s left");
  EXPECT_EQ(progress_text({}), "  0 %, 0 cycles");
}

}  // namespace
}  // namespace loopsim
