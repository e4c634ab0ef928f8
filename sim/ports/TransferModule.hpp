#pragma once

#include <systemc>
#include <vector>

#include "sim/observe/Interfaces.hpp"
#include "sim/ports/TransferCore.hpp"
#include "sim/time/KernelRun.hpp"

namespace loopsim {

/// SystemC shell of a TransferCore: one method, one event, woken when the core has something due.
class TransferModule : public sc_core::sc_module, public TransferIf {
 public:
  sc_core::sc_port<CompletionIf> completions{"completions"};

  void submit(Transfer& transfer) override;

 protected:
  TransferModule(const sc_core::sc_module_name& name, KernelRun& run);
  /// The core of the run that begins; it must live as long as the run.
  void use(TransferCore& core);
  /// The core is looked at one delta later, when everything of this instant has been submitted.
  void wake() { wake_.notify(sc_core::SC_ZERO_TIME); }

 private:
  void wake_up();

  KernelRun* run_;
  TransferCore* core_ = nullptr;
  sc_core::sc_event wake_{"wake"};
  std::vector<Transfer*> done_;
};

}  // namespace loopsim
