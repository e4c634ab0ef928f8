#include "report/Phase.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <utility>

namespace loopsim {

namespace {

constexpr auto patience = std::chrono::seconds(1);
constexpr auto interval = std::chrono::milliseconds(500);

}  // namespace

Phase::Phase(std::string what, Write write, std::function<bool()> busy)
    : what_(std::move(what)),
      write_(std::move(write)),
      busy_(std::move(busy)),
      begun_(std::chrono::steady_clock::now()) {
  // Signals are for the thread that works.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { show_from_time_to_time(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Phase::~Phase() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_one();
  thread_.join();
  if (visible_) write_("\r\x1b[K");
}

void Phase::show_from_time_to_time() {
  std::unique_lock lock(mutex_);
  auto next = begun_ + patience;
  while (!ended_.wait_until(lock, next, [this] { return end_; })) {
    next += interval;
    if (busy_ && busy_()) continue;
    const auto now = std::chrono::steady_clock::now();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - begun_).count();
    write_(fmt::format("\r{}, {} s\x1b[K", what_, seconds));
    visible_ = true;
  }
}

}  // namespace loopsim
