#include "sim/sequencer/SequencerModule.hpp"

namespace loopsim {

SequencerModule::SequencerModule(const sc_core::sc_module_name& name, FailureKeeper& failures, const BoundTree& tree,
                                 const Schedule& schedule, Sequencer::Options options, Clock clock,
                                 FunctionalModel* functional)
    : sc_module(name),
      failures_(&failures),
      clock_(clock),
      sequencer_(tree, schedule, std::move(options), *this, *this, functional) {
  SC_HAS_PROCESS(SequencerModule);
  SC_METHOD(run);
  sensitive << wake_;
  SC_METHOD(ring);
  sensitive << alarm_;
  dont_initialize();
}

void SequencerModule::transfer_done(Transfer& transfer) {
  sequencer_.report_transfer(transfer);
  wake_.notify(sc_core::SC_ZERO_TIME);
}

void SequencerModule::array_done(StageIndex stage) {
  sequencer_.report_array(stage);
  wake_.notify(sc_core::SC_ZERO_TIME);
}

void SequencerModule::submit(Transfer& transfer) {
  const LevelId outermost(0);
  (transfer.source == outermost || transfer.destination == outermost ? dram : on_chip)->submit(transfer);
}

void SequencerModule::execute(const ArrayJob& job) {
  arrays[static_cast<int>(job.stage)]->execute(job);
}

ArraySpent SequencerModule::spent(StageIndex stage) const {
  return const_cast<SequencerModule*>(this)->arrays[static_cast<int>(stage)]->spent();
}

void SequencerModule::run() {
  if (stop_ != nullptr && *stop_) {
    sc_core::sc_pause();
    return;
  }
  failures_->run([this] {
    sequencer_.step(clock_.edge(simulated_time()));
    alarm_.cancel();
    if (const auto next = sequencer_.next_wakeup()) alarm_.notify(delay_until(clock_.at(*next)));
  });
}

void SequencerModule::ring() {
  wake_.notify(sc_core::SC_ZERO_TIME);
}

}  // namespace loopsim
