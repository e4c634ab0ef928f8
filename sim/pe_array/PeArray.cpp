#include "sim/pe_array/PeArray.hpp"

#include "sim/pe_array/ArrayUnit.hpp"
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
  arrays_.clear();
  const ArrayUnit::Surroundings around{&ports->servers(), &ports->core(), network->network(),
                                       Clock(tree.architecture.clock_hz), observer};
  for (StageIndex stage = 0; stage < schedule.stages.size(); ++stage) {
    arrays_.push_back(std::make_unique<ArrayUnit>(tree, schedule, stage, placement, around));
  }
}

const ArrayOutcome& PeArray::execute(StageIndex stage, const TileOperation& operation) {
  const ArrayOutcome& outcome = arrays_[stage]->execute(operation, run_->now());
  plan_next();
  return outcome;
}

void PeArray::plan_next() {
  std::optional<Picoseconds> next;
  for (const auto& array : arrays_) take_earlier(next, array->next_event());
  if (next) wake_.notify(run_->until(*next));
}

void PeArray::wake_up() {
  run_->act([this] {
    for (StageIndex stage = 0; stage < arrays_.size(); ++stage) {
      const auto due = arrays_[stage]->next_event();
      if (due && *due <= run_->now() && arrays_[stage]->advance(run_->now())) completions->array_done(stage);
    }
    plan_next();
  });
}

void PeArray::report_steps() {
  for (const auto& array : arrays_) array->report_steps();
}

}  // namespace loopsim
