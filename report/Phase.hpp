#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace loopsim {

/// What the program is at and for how long, on a line of its own, once that takes more than a second. Gone at the end.
class Phase {
 public:
  using Write = std::function<void(const std::string&)>;
  /// `busy`: whether somebody else has just written the line.
  Phase(std::string what, Write write, std::function<bool()> busy = {});
  ~Phase();
  Phase(const Phase&) = delete;
  Phase& operator=(const Phase&) = delete;

 private:
  void show_from_time_to_time();

  std::string what_;
  Write write_;
  std::function<bool()> busy_;
  std::chrono::steady_clock::time_point begun_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  bool visible_ = false;
  std::thread thread_;
};

}  // namespace loopsim
