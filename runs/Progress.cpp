#include "runs/Progress.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/NumberText.hpp"

namespace loopsim {

namespace {

constexpr double patience = 1.0;  // seconds before anything is shown
constexpr double interval = 0.2;  // between two lines

std::string duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
  if (whole < 100) return fmt::format("{} s", whole);
  if (whole < 6'000) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3'600, whole % 3'600 / 60);
}

std::string rate(double per_second) {
  if (per_second >= 1e9) return fmt::format("{:.1f} G", per_second / 1e9);
  if (per_second >= 1e6) return fmt::format("{:.1f} M", per_second / 1e6);
  return fmt::format("{:.1f} k", per_second / 1e3);
}

}  // namespace

std::string progress_text(const RunProgress& progress) {
  const double share =
      progress.steps_in_all > 0
          ? std::min(1.0, static_cast<double>(progress.steps) / static_cast<double>(progress.steps_in_all))
          : 0.0;
  std::string text = fmt::format("{:3.0f} %, {} cycles", std::floor(100 * share), grouped(progress.now.value));
  if (progress.seconds > 0) {
    text += fmt::format(", {} cycles/s", rate(static_cast<double>(progress.now.value) / progress.seconds));
  }
  if (share > 0) text += fmt::format(", {} left", duration(progress.seconds * (1 - share) / share));
  return text;
}

Progress::Progress(std::function<double()> seconds, std::function<void(const std::string&)> write)
    : seconds_(std::move(seconds)), write_(std::move(write)), shown_(seconds_() + patience - interval) {}

bool Progress::due() {
  return seconds_() >= shown_ + interval;
}

void Progress::show(const std::string& text) {
  write_("\r" + text + "\x1b[K");
  shown_ = seconds_();
  visible_ = true;
}

void Progress::clear() {
  if (visible_) write_("\r\x1b[K");
  visible_ = false;
}

void Progress::operation_checked() {
  ++checked_;
  if (due()) show(fmt::format("checking whether the mapping fits, {} tile operations", grouped(checked_)));
}

void Progress::begin(const ObservedRun&) {
  begun_ = seconds_();
}

void Progress::operation_ended(const OperationRecord& record) {
  steps_ += record.steps;
  if (due()) show(progress_text({seconds_() - begun_, steps_, steps_in_all_, record.end}));
}

void Progress::end(Cycle) {
  clear();
}

void Progress::cut(Cycle, const char*) {
  clear();
}

}  // namespace loopsim
