#include "sim/ports/TransferModule.hpp"

namespace loopsim {

TransferModule::TransferModule(const sc_core::sc_module_name& name, KernelRun& run) : sc_module(name), run_(&run) {
  SC_HAS_PROCESS(TransferModule);
  SC_METHOD(wake_up);
  sensitive << wake_;
  dont_initialize();
}

void TransferModule::use(TransferCore& core) {
  wake_.cancel();
  core_ = &core;
}

void TransferModule::submit(Transfer& transfer) {
  core_->submit(transfer, run_->now());
  wake();
}

void TransferModule::wake_up() {
  run_->act([this] {
    done_.clear();
    core_->advance(run_->now(), done_);
    for (Transfer* transfer : done_) completions->transfer_done(*transfer);
    if (const auto next = core_->next_event()) wake_.notify(run_->until(*next));
  });
}

}  // namespace loopsim
