#pragma once

#include <exception>
#include <systemc>

#include "base/Quantity.hpp"

namespace loopsim {

/// What the modules of a machine share of one run: when it began, and the first failure. The kernel's time goes on from
/// run to run, that of a run begins at 0.
class KernelRun {
 public:
  void begin() {
    begin_ = kernel_time();
    failure_ = nullptr;
  }

  Picoseconds now() const { return kernel_time() - begin_; }
  /// From now until a time of the run.
  sc_core::sc_time until(Picoseconds time) const {
    return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>((time - now()).value));
  }

  /// Does what a process does. The kernel lets no exception through as it is: the first that a process throws is kept
  /// and ends the simulation; nothing is done any more.
  template <class Action>
  void act(Action action) noexcept {
    if (failure_) return;
    try {
      action();
    } catch (...) {
      failure_ = std::current_exception();
      sc_core::sc_pause();
    }
  }
  /// Throws what was kept once the kernel has returned.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  static Picoseconds kernel_time() { return Picoseconds(static_cast<std::int64_t>(sc_core::sc_time_stamp().value())); }

  Picoseconds begin_;
  std::exception_ptr failure_;
};

}  // namespace loopsim
