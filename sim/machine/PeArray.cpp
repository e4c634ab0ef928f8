#include "sim/machine/PeArray.hpp"

namespace loopsim {

PeArray::PeArray(const sc_core::sc_module_name& name, StageIndex stage, const MemoryPorts& ports, PortCore& core,
                 ArrayNetwork* network, Clock clock, Settings settings)
    : sc_module(name),
      stage_(stage),
      ports_(&ports),
      core_(&core),
      network_(network),
      clock_(clock),
      settings_(std::move(settings)),
      user_(core.add_user()) {
  SC_HAS_PROCESS(PeArray);
  SC_METHOD(run);
  sensitive << wake_;
  dont_initialize();
  if (settings_.observer != nullptr) core.watch(user_, *this);
}

void PeArray::execute(const ArrayJob& job) {
  after_steps_ = false;
  job_ = runs_on(*ports_, network_, job.outcome->runs, settings_.placement.leftmost[job.leaf]);
  if (settings_.reduces) job_.result_delay += settings_.placement.reduction[job.leaf];
  core_->start(user_, simulated_time(), std::move(job_.runs));
  wake_.notify(delay_until(core_->predicted_end(user_)));
}

ArraySpent PeArray::spent() const {
  ArraySpent spent{core_->spent(user_), job_.operand_delay, job_.result_delay};
  spent.steps.compute += settings_.operation_overhead;
  return spent;
}

void PeArray::steps_taken(const StepTrain& train) {
  if (train_ && train_->continues_with(train)) {
    train_->steps += train.steps;
    return;
  }
  report_steps();
  train_ = train;
}

void PeArray::report_steps() {
  if (train_) settings_.observer->steps_taken(stage_, *train_);
  train_.reset();
}

void PeArray::run() {
  if (!after_steps_) {
    if (!core_->finished(user_, simulated_time())) {
      // A chunk that came after the prediction got in the way.
      wake_.notify(delay_until(core_->predicted_end(user_)));
      return;
    }
    report_steps();
    // The steps are timed as their words leave the memories; the last ones are still on their way.
    const Cycle rest = settings_.operation_overhead + job_.operand_delay;
    if (rest.value > 0) {
      after_steps_ = true;
      wake_.notify(delay_until(simulated_time() + clock_.at(rest)));
      return;
    }
  }
  completions->array_done(stage_);
}

}  // namespace loopsim
