#pragma once

#include <atomic>
#include <memory>

#include "sim/checks/SimulationOptions.hpp"
#include "sim/dram/FixedDram.hpp"
#include "sim/dram/JedecDram.hpp"
#include "sim/dram/ObservedDram.hpp"
#include "sim/glb/OnChipMover.hpp"
#include "sim/machine/MemoryModule.hpp"
#include "sim/noc/ArrayNetwork.hpp"
#include "sim/pe_array/ArrayPlacement.hpp"
#include "sim/pe_array/PeArray.hpp"
#include "sim/schedule/Schedule.hpp"
#include "sim/sequencer/Sequencer.hpp"
#include "sim/sequencer/SequencerModule.hpp"
#include "sim/time/FailureKeeper.hpp"

namespace loopsim {

/// The whole machine: modules and how they are joined. One a process.
class Machine : public sc_core::sc_module {
 public:
  /// `build_seed`: SimulationOptions::build_seed.
  Machine(const sc_core::sc_module_name& name, const BoundTree& tree, const Schedule& schedule, Effects effects,
          const ArrayPlacement& placement, Sequencer::Options options, FunctionalModel* functional,
          std::uint32_t build_seed = 0);

  /// Runs until nothing is left to do, or until `stop` is true. Throws DeadlockError, InterruptedError, and what
  /// its parts throw, such as OverflowError.
  void run(const std::atomic<bool>* stop = nullptr);

  /// Tells the observer of the steps of operations that have not ended.
  void report_steps();

  Sequencer& sequencer() { return sequencer_->sequencer(); }
  /// Of a run that has ended at `end`.
  DramCounters dram_counters(Cycle end);
  /// Null where there is no network.
  ArrayNetwork* network() const { return network_.get(); }
  const PortCore& ports() const { return core_; }
  const MemoryPorts& servers() const { return ports_; }
  Clock clock() const { return clock_; }

 private:
  FailureKeeper failures_;
  Clock clock_;
  std::unique_ptr<ArrayNetwork> network_;  ///< null = the bus
  std::optional<ObservedDram> observed_dram_;
  PortCore core_;
  MemoryPorts ports_;
  std::unique_ptr<MemoryModule<FixedDram>> fixed_dram_;  ///< or
  std::unique_ptr<MemoryModule<JedecDram>> jedec_dram_;
  std::unique_ptr<MemoryModule<OnChipMover>> on_chip_;
  std::vector<std::unique_ptr<PeArray>> arrays_;
  std::unique_ptr<SequencerModule> sequencer_;
};

}  // namespace loopsim
