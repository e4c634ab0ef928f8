#include "sim/pe_array/PeArray.hpp"

#include "sim/time/Earlier.hpp"

namespace loopsim {

PeArray::PeArray(const sc_core::sc_module_name& name, KernelRun& run) : sc_module(name), run_(&run) {
  SC_HAS_PROCESS(PeArray);
  SC_METHOD(wake_up);
  sensitive << wake_;
  dont_initialize();
}

void PeArray::load(const BoundTree& tree, const Schedule& schedule, const ArrayPlacement& placement,
                   RunObserver* observer) {
  wake_.cancel();
  units_.clear();
  const ArrayUnit::Surroundings around{&ports->servers(), &ports->core(), network->network(),
                                       Clock(tree.architecture.clock_hz), observer};
  for (StageIndex stage = 0; stage < schedule.stages.size(); ++stage) {
    units_.emplace_back(tree, schedule, stage, placement, around);
  }
}

const ArrayOutcome& PeArray::execute(StageIndex stage, const TileOperation& operation) {
  const ArrayOutcome& outcome = units_[stage].execute(operation, run_->now());
  plan_next();
  return outcome;
}

void PeArray::plan_next() {
  std::optional<Picoseconds> next;
  for (const ArrayUnit& unit : units_) take_earlier(next, unit.next_event());
  if (next) wake_.notify(run_->until(*next));
}

void PeArray::wake_up() {
  run_->act([this] {
    for (StageIndex stage = 0; stage < units_.size(); ++stage) {
      const auto due = units_[stage].next_event();
      if (due && *due <= run_->now() && units_[stage].advance(run_->now())) completions->array_done(stage);
    }
    plan_next();
  });
}

void PeArray::report_steps() {
  for (ArrayUnit& unit : units_) unit.report_steps();
}

}  // namespace loopsim
