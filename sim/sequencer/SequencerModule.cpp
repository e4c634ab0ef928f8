#include "sim/sequencer/SequencerModule.hpp"

namespace loopsim {

SequencerModule::SequencerModule(const sc_core::sc_module_name& name, KernelRun& run) : sc_module(name), run_(&run) {
  SC_HAS_PROCESS(SequencerModule);
  SC_METHOD(wake_up);
  sensitive << wake_;
  dont_initialize();
  SC_METHOD(ring);
  sensitive << alarm_;
  dont_initialize();
}

void SequencerModule::load(const BoundTree& tree, const Schedule& schedule, Sequencer::Options options,
                           FunctionalModel* functional) {
  clock_ = Clock(tree.architecture.clock_hz);
  sequencer_.emplace(tree, schedule, std::move(options), static_cast<TransferSink&>(*this),
                     static_cast<ArraySink&>(*this), functional);
  alarm_.cancel();
  wake_.notify(sc_core::SC_ZERO_TIME);
}

void SequencerModule::transfer_done(Transfer& transfer) {
  sequencer_->report_transfer(transfer);
  wake_.notify(sc_core::SC_ZERO_TIME);
}

void SequencerModule::array_done(StageIndex stage) {
  sequencer_->report_array(stage);
  wake_.notify(sc_core::SC_ZERO_TIME);
}

void SequencerModule::submit(Transfer& transfer) {
  const LevelId outermost(0);
  (transfer.source == outermost || transfer.destination == outermost ? dram : global_buffer)->submit(transfer);
}

const ArrayOutcome& SequencerModule::execute(StageIndex stage, const TileOperation& operation) {
  return pe_array->execute(stage, operation);
}

ArraySpent SequencerModule::spent(StageIndex stage) const {
  return pe_array->spent(stage);
}

void SequencerModule::wake_up() {
  if (stop_ != nullptr && *stop_) {
    sc_core::sc_pause();
    return;
  }
  run_->act([this] {
    sequencer_->step(clock_.edge(run_->now()));
    alarm_.cancel();
    if (const auto next = sequencer_->next_wakeup()) alarm_.notify(run_->until(clock_.at(*next)));
  });
}

void SequencerModule::ring() {
  wake_.notify(sc_core::SC_ZERO_TIME);
}

}  // namespace loopsim
