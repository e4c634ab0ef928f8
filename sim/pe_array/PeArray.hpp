#pragma once

#include <memory>
#include <systemc>
#include <unordered_map>

#include "sim/observe/Interfaces.hpp"
#include "sim/observe/RunObserver.hpp"
#include "sim/pe_array/ArrayPlacement.hpp"
#include "sim/ports/MemoryPorts.hpp"
#include "sim/time/FailureKeeper.hpp"

namespace loopsim {

/// The PE array partition of one stage: executes a tile operation's step runs against the ports of the memories.
class PeArray : public sc_core::sc_module, public ArrayIf, private StepTrainSink {
 public:
  sc_core::sc_port<CompletionIf> completions{"completions"};

  /// What an array does besides its steps.
  struct Settings {
    Cycle operation_overhead;
    ArrayPlacement placement;
    bool reduces = false;             ///< sums of several PEs take time, and no network adds them
    RunObserver* observer = nullptr;  ///< told of the steps, if there is one
  };
  /// `network`: null where the bus carries what it would.
  PeArray(const sc_core::sc_module_name& name, FailureKeeper& failures, StageIndex stage, const MemoryPorts& ports,
          PortCore& core, ArrayNetwork* network, Clock clock, Settings settings);

  void execute(const ArrayJob& job) override;
  ArraySpent spent() const override;
  /// Tells the observer of steps that it does not know of yet.
  void report_steps();

 private:
  /// A kind of tile operation, prepared for the port core.
  struct PreparedJob {
    std::shared_ptr<StepJob> steps;
    Cycle operand_delay;
    Cycle result_delay;
  };
  struct PreparedStep {
    StepId id;
    Cycle operand_delay;
    Cycle result_delay;
  };
  void run();
  void go_on();
  const PreparedJob& prepared(const ArrayJob& job);
  const PreparedStep& prepared(const ArrayStep& step, LeafIndex leaf);
  void steps_taken(const StepTrain& train) override;

  FailureKeeper* failures_;
  StageIndex stage_;
  const MemoryPorts* ports_;
  PortCore* core_;
  ArrayNetwork* network_;
  Clock clock_;
  Settings settings_;
  UserIndex user_;
  std::unordered_map<const ArrayOutcome*, PreparedJob> jobs_;
  std::unordered_map<const ArrayStep*, PreparedStep> steps_;
  Cycle operand_delay_;  ///< of the present job
  Cycle result_delay_;
  bool after_steps_ = false;
  std::optional<StepTrain> train_;  ///< not yet reported: more may follow
  sc_core::sc_event wake_{"wake"};
};

}  // namespace loopsim
