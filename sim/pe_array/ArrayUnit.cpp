#include "sim/pe_array/ArrayUnit.hpp"

#include <algorithm>

#include "sim/pe_array/ArrayOutcome.hpp"
#include "sim/ports/StepTrain.hpp"

namespace loopsim {

ArrayUnit::ArrayUnit(const BoundTree& tree, const Schedule& schedule, StageIndex stage, ArrayPlacement placement,
                     const Surroundings& surroundings)
    : stage_(stage),
      placement_(std::move(placement)),
      around_(surroundings),
      operation_overhead_(tree.architecture.mesh.operation_overhead_cycles),
      reduces_(surroundings.network == nullptr || !surroundings.network->adds()),
      user_(surroundings.core->add_user()) {
  for (const LeafIndex leaf : schedule.stages[stage].leaves) {
    executors_.try_emplace(leaf, tree, schedule.leaves[leaf].program);
  }
  if (around_.observer != nullptr && around_.observer->wants_steps()) around_.core->watch(user_, *this);
}

const ArrayUnit::PreparedStep& ArrayUnit::prepared(const ArrayStep& step, LeafIndex leaf) {
  const auto [found, added] = steps_.try_emplace(&step);
  if (added) {
    const PortStep port = port_step(*around_.ports, around_.network, step, placement_.leftmost[leaf]);
    found->second = {around_.core->add_step(port.step), port.operand_delay, port.result_delay};
  }
  return found->second;
}

const ArrayUnit::PreparedJob& ArrayUnit::prepared(const ArrayOutcome& outcome, LeafIndex leaf) {
  const auto [found, added] = jobs_.try_emplace(&outcome);
  PreparedJob& result = found->second;
  if (!added) return result;
  std::vector<StepSequence> sequences;
  sequences.reserve(outcome.runs.size());
  for (const StepRun& run : outcome.runs) {
    const PreparedStep& step = prepared(*run.step, leaf);
    sequences.push_back({run.steps, step.id});
    result.operand_delay = std::max(result.operand_delay, step.operand_delay);
    result.result_delay = std::max(result.result_delay, step.result_delay);
  }
  if (reduces_) result.result_delay += placement_.reduction[leaf];
  result.steps = around_.core->make_job(std::move(sequences));
  return result;
}

const ArrayOutcome& ArrayUnit::execute(const TileOperation& operation, Picoseconds now) {
  const ArrayOutcome& outcome = executors_.at(operation.leaf).execute(operation.lanes, operation.advanced);
  const PreparedJob& job = prepared(outcome, operation.leaf);
  after_steps_ = false;
  operand_delay_ = job.operand_delay;
  result_delay_ = job.result_delay;
  around_.core->start(user_, now, job.steps);
  next_ = around_.core->earliest_end(user_);
  return outcome;
}

bool ArrayUnit::advance(Picoseconds now) {
  if (!after_steps_) {
    if (!around_.core->finished(user_, now)) {
      // Chunks, other arrays or the network were in the way.
      next_ = around_.core->earliest_end(user_);
      return false;
    }
    report_steps();
    // The steps are timed as their words leave the memories; the last ones are still on their way.
    const Cycle rest = operation_overhead_ + operand_delay_;
    if (rest.value > 0) {
      after_steps_ = true;
      next_ = now + around_.clock.at(rest);
      return false;
    }
  }
  next_.reset();
  return true;
}

ArraySpent ArrayUnit::spent() const {
  ArraySpent spent{around_.core->spent(user_), operand_delay_, result_delay_};
  spent.steps.compute += operation_overhead_;
  return spent;
}

void ArrayUnit::steps_taken(const StepTrain& train) {
  if (train_ && train_->continues_with(train)) {
    train_->steps += train.steps;
    return;
  }
  report_steps();
  train_ = train;
}

void ArrayUnit::report_steps() {
  if (train_) around_.observer->steps_taken(stage_, *train_);
  train_.reset();
}

}  // namespace loopsim
