#include "sim/machine/PeArray.hpp"

namespace loopsim {

PeArray::PeArray(const sc_core::sc_module_name& name, StageIndex stage, const MemoryPorts& ports, PortCore& core,
                 Clock clock, Cycle operation_overhead)
    : sc_module(name),
      stage_(stage),
      ports_(&ports),
      core_(&core),
      clock_(clock),
      overhead_(operation_overhead),
      user_(core.add_user()) {
  SC_HAS_PROCESS(PeArray);
  SC_METHOD(run);
  sensitive << wake_;
  dont_initialize();
}

void PeArray::execute(const ArrayOutcome& outcome) {
  in_overhead_ = false;
  core_->start(user_, simulated_time(), runs_on(*ports_, outcome.runs));
  wake_.notify(delay_until(core_->predicted_end(user_)));
}

PortCore::Spent PeArray::spent() const {
  PortCore::Spent spent = core_->spent(user_);
  spent.compute += overhead_;
  return spent;
}

void PeArray::run() {
  if (!in_overhead_) {
    if (!core_->finished(user_, simulated_time())) {
      // A chunk that came after the prediction got in the way.
      wake_.notify(delay_until(core_->predicted_end(user_)));
      return;
    }
    if (overhead_.value > 0) {
      in_overhead_ = true;
      wake_.notify(delay_until(simulated_time() + clock_.at(overhead_)));
      return;
    }
  }
  completions->array_done(stage_);
}

}  // namespace loopsim
