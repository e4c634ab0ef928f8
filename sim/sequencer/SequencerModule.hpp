#pragma once

#include <atomic>
#include <systemc>
#include <vector>

#include "sim/observe/Interfaces.hpp"
#include "sim/sequencer/Sequencer.hpp"
#include "sim/time/FailureKeeper.hpp"

namespace loopsim {

/// SystemC shell of the Sequencer.
class SequencerModule : public sc_core::sc_module, public CompletionIf, private TransferSink, private ArraySink {
 public:
  sc_core::sc_port<TransferIf> dram{"dram"};
  sc_core::sc_port<TransferIf> on_chip{"on_chip"};
  sc_core::sc_port<ArrayIf, 0> arrays{"arrays"};  ///< by stage

  SequencerModule(const sc_core::sc_module_name& name, FailureKeeper& failures, const BoundTree& tree,
                  const Schedule& schedule, Sequencer::Options options, Clock clock, FunctionalModel* functional);

  void transfer_done(Transfer& transfer) override;
  void array_done(StageIndex stage) override;

  Sequencer& sequencer() { return sequencer_; }
  /// The kernel is paused as soon as `stop` is found to be true; null: never.
  void stop_when(const std::atomic<bool>* stop) { stop_ = stop; }

 private:
  void submit(Transfer& transfer) override;
  void execute(const ArrayJob& job) override;
  ArraySpent spent(StageIndex stage) const override;
  void run();
  void ring();

  FailureKeeper* failures_;
  Clock clock_;
  Sequencer sequencer_;
  sc_core::sc_event wake_{"wake"};
  /// The time has come. Memories and arrays whose time it is too report first: the sequencer acts one delta later, or
  /// what it finds would depend on the order of processes.
  sc_core::sc_event alarm_{"alarm"};
  const std::atomic<bool>* stop_ = nullptr;
};

}  // namespace loopsim
