#pragma once

#include <exception>
#include <systemc>

namespace loopsim {

/// The kernel lets no exception through as it is. The first that a process throws is kept here, ends the simulation,
/// and is thrown again when the kernel has returned.
class FailureKeeper {
 public:
  /// Does what a process does. Once something has failed nothing is done any more.
  template <class Action>
  void run(Action action) noexcept {
    if (failure_) return;
    try {
      action();
    } catch (...) {
      failure_ = std::current_exception();
      sc_core::sc_pause();
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::exception_ptr failure_;
};

}  // namespace loopsim
