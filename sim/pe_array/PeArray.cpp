#include "sim/pe_array/PeArray.hpp"

#include <algorithm>

#include "sim/pe_array/ArrayOutcome.hpp"
#include "sim/ports/StepTrain.hpp"

namespace loopsim {

PeArray::PeArray(const sc_core::sc_module_name& name, FailureKeeper& failures, StageIndex stage,
                 const MemoryPorts& ports, PortCore& core, ArrayNetwork* network, Clock clock, Settings settings)
    : sc_module(name),
      failures_(&failures),
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
  if (settings_.observer != nullptr && settings_.observer->wants_steps()) core.watch(user_, *this);
}

const PeArray::PreparedStep& PeArray::prepared(const ArrayStep& step, LeafIndex leaf) {
  const auto [found, added] = steps_.try_emplace(&step);
  if (added) {
    const PortStep port = port_step(*ports_, network_, step, settings_.placement.leftmost[leaf]);
    found->second = {core_->add_step(port.step), port.operand_delay, port.result_delay};
  }
  return found->second;
}

const PeArray::PreparedJob& PeArray::prepared(const ArrayJob& job) {
  const auto [found, added] = jobs_.try_emplace(job.outcome);
  PreparedJob& result = found->second;
  if (!added) return result;
  std::vector<StepSequence> sequences;
  sequences.reserve(job.outcome->runs.size());
  for (const StepRun& run : job.outcome->runs) {
    const PreparedStep& step = prepared(*run.step, job.leaf);
    sequences.push_back({run.steps, step.id});
    result.operand_delay = std::max(result.operand_delay, step.operand_delay);
    result.result_delay = std::max(result.result_delay, step.result_delay);
  }
  if (settings_.reduces) result.result_delay += settings_.placement.reduction[job.leaf];
  result.steps = core_->make_job(std::move(sequences));
  return result;
}

void PeArray::execute(const ArrayJob& job) {
  after_steps_ = false;
  const PreparedJob& present = prepared(job);
  operand_delay_ = present.operand_delay;
  result_delay_ = present.result_delay;
  core_->start(user_, simulated_time(), present.steps);
  wake_.notify(delay_until(core_->earliest_end(user_)));
}

ArraySpent PeArray::spent() const {
  ArraySpent spent{core_->spent(user_), operand_delay_, result_delay_};
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
  failures_->run([this] { go_on(); });
}

void PeArray::go_on() {
  if (!after_steps_) {
    if (!core_->finished(user_, simulated_time())) {
      // Chunks, other arrays or the network were in the way.
      wake_.notify(delay_until(core_->earliest_end(user_)));
      return;
    }
    report_steps();
    // The steps are timed as their words leave the memories; the last ones are still on their way.
    const Cycle rest = settings_.operation_overhead + operand_delay_;
    if (rest.value > 0) {
      after_steps_ = true;
      wake_.notify(delay_until(simulated_time() + clock_.at(rest)));
      return;
    }
  }
  completions->array_done(stage_);
}

}  // namespace loopsim
