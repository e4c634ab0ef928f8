#pragma once

#include <systemc>

#include "sim/observe/Interfaces.hpp"
#include "sim/time/FailureKeeper.hpp"

namespace loopsim {

/// SystemC shell of a memory core (FixedDram, OnChipMover): one method, one event, woken when the core has something
/// due.
template <class Core>
class MemoryModule : public sc_core::sc_module, public TransferIf {
 public:
  sc_core::sc_port<CompletionIf> completions{"completions"};

  template <class... Arguments>
  MemoryModule(const sc_core::sc_module_name& name, FailureKeeper& failures, Arguments&&... arguments)
      : sc_module(name), failures_(&failures), core_(std::forward<Arguments>(arguments)...) {
    SC_HAS_PROCESS(MemoryModule);
    SC_METHOD(run);
    sensitive << wake_;
    dont_initialize();
  }

  void submit(Transfer& transfer) override {
    core_.submit(transfer, simulated_time());
    wake_.notify(sc_core::SC_ZERO_TIME);  // one delta later, when everything of this instant has been submitted
  }

  Core& core() { return core_; }
  const Core& core() const { return core_; }

 private:
  void run() {
    failures_->run([this] {
      done_.clear();
      core_.advance(simulated_time(), done_);
      for (Transfer* transfer : done_) completions->transfer_done(*transfer);
      if (const auto next = core_.next_event()) wake_.notify(delay_until(*next));
    });
  }

  FailureKeeper* failures_;
  Core core_;
  sc_core::sc_event wake_{"wake"};
  std::vector<Transfer*> done_;
};

}  // namespace loopsim
