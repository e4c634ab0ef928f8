#pragma once

#include <atomic>
#include <optional>
#include <systemc>

#include "sim/observe/Interfaces.hpp"
#include "sim/sequencer/Sequencer.hpp"
#include "sim/time/KernelRun.hpp"

namespace loopsim {

/// SystemC shell of the Sequencer.
class SequencerModule : public sc_core::sc_module, public CompletionIf, private TransferSink, private ArraySink {
 public:
  sc_core::sc_port<TransferIf> dram{"dram"};
  sc_core::sc_port<TransferIf> global_buffer{"global_buffer"};
  sc_core::sc_port<ArrayIf> pe_array{"pe_array"};

  SequencerModule(const sc_core::sc_module_name& name, KernelRun& run);
  const char* kind() const override { return "Sequencer"; }

  /// A sequencer for a program, which begins as soon as the kernel runs.
  void load(const BoundTree& tree, const Schedule& schedule, Sequencer::Options options, FunctionalModel* functional);

  void transfer_done(Transfer& transfer) override;
  void array_done(StageIndex stage) override;

  Sequencer& sequencer() { return *sequencer_; }
  /// The kernel is paused as soon as `stop` is found to be true; null: never.
  void stop_when(const std::atomic<bool>* stop) { stop_ = stop; }

 private:
  void submit(Transfer& transfer) override;
  const ArrayOutcome& execute(StageIndex stage, const TileOperation& operation) override;
  ArraySpent spent(StageIndex stage) const override;
  void wake_up();
  void ring();

  KernelRun* run_;
  Clock clock_{1};
  std::optional<Sequencer> sequencer_;
  sc_core::sc_event wake_{"wake"};
  /// The time has come. Memories and arrays whose time it is too report first: the sequencer acts one delta later, or
  /// what it finds would depend on the order of processes.
  sc_core::sc_event alarm_{"alarm"};
  const std::atomic<bool>* stop_ = nullptr;
};

}  // namespace loopsim
