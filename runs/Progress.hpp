#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "sim/observe/RunObserver.hpp"

namespace loopsim {

/// How far a run has come.
struct RunProgress {
  double seconds = 0;             ///< of wall time since the simulation began
  std::int64_t steps = 0;         ///< of all einsums, done
  std::int64_t steps_in_all = 0;  ///< as estimated
  Cycle now;                      ///< simulated
};
/// " 42 %, 39,009,600 cycles, 12.5 M cycles/s, 4 s left", in less than 80 columns.
std::string progress_text(const RunProgress& progress);

/// One line that is written over and over, for anything that takes longer than a second. Gone at the end.
class Progress : public RunObserver {
 public:
  /// `seconds`: wall time; `write`: text for the terminal.
  Progress(std::function<double()> seconds, std::function<void(const std::string&)> write);

  ~Progress() override { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// What operation_ended() is to come to.
  void expect_steps(std::int64_t steps) { steps_in_all_ = steps; }
  void operation_checked() override;
  void begin(const ObservedRun& run) override;
  void operation_ended(const OperationRecord& record) override;
  void end(Cycle now) override;
  void cut(Cycle now, const char* reason) override;
  /// When the line was written last, or the time before which it is not; other threads may ask.
  double shown_at() const { return shown_; }
  /// Takes the line away. To be called before anything else is written.
  void clear();

 private:
  bool due();
  void show(const std::string& text);

  std::function<double()> seconds_;
  std::function<void(const std::string&)> write_;
  std::atomic<double> shown_;
  double begun_ = 0;
  bool visible_ = false;
  std::int64_t checked_ = 0;
  std::int64_t steps_ = 0;
  std::int64_t steps_in_all_ = 0;
};

}  // namespace loopsim
