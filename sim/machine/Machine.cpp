#include "sim/machine/Machine.hpp"

#include <string>

namespace loopsim {

Machine::Machine(const sc_core::sc_module_name& name, const BoundTree& tree, const Schedule& schedule, Effects effects,
                 Sequencer::Options options, FunctionalModel* functional)
    : sc_module(name), clock_(tree.architecture.clock_hz), core_(clock_), ports_(make_ports(tree.architecture, core_)) {
  const Architecture& architecture = tree.architecture;
  (void)effects;
  dram_ = std::make_unique<MemoryModule<FixedDram>>("dram", architecture, ports_, core_, clock_);
  on_chip_ = std::make_unique<MemoryModule<OnChipMover>>("on_chip", architecture, ports_, core_, clock_);
  sequencer_ = std::make_unique<SequencerModule>("sequencer", tree, schedule, std::move(options), clock_, functional);
  for (StageIndex stage = 0; stage < schedule.stages.size(); ++stage) {
    arrays_.push_back(std::make_unique<PeArray>(("pe_array_" + std::to_string(stage)).c_str(), stage, ports_, core_,
                                                clock_, Cycle(architecture.mesh.operation_overhead_cycles)));
    arrays_.back()->completions(*sequencer_);
    sequencer_->arrays(*arrays_.back());
  }
  dram_->completions(*sequencer_);
  on_chip_->completions(*sequencer_);
  sequencer_->dram(*dram_);
  sequencer_->on_chip(*on_chip_);
}

void Machine::run() {
  sc_core::sc_start();
  if (!sequencer().finished()) throw DeadlockError(sequencer().describe_deadlock());
}

}  // namespace loopsim
