#include "sim/machine/Machine.hpp"

#include <algorithm>
#include <functional>
#include <random>
#include <string>

#include "sim/time/RunErrors.hpp"

namespace loopsim {

namespace {

std::vector<std::optional<StoredTensor>> tensors_of_nodes(
    const BoundTree& tree, const Schedule& schedule, const IdVector<TensorId, std::optional<StoredTensor>>& placed) {
  std::vector<std::optional<StoredTensor>> tensors;
  for (const HoldingNode& node : holding_nodes(tree, schedule)) {
    tensors.push_back(node.level == LevelId(0) ? placed[node.tensor] : std::nullopt);
  }
  return tensors;
}

std::unique_ptr<ArrayNetwork> make_network(const Architecture& architecture, const ArrayPlacement& placement) {
  if (!architecture.noc) return nullptr;
  const bool has_buffer = architecture.memories.size() > 1;
  return std::make_unique<ArrayNetwork>(*architecture.noc, has_buffer ? architecture.memories[1].line_bits() : 64,
                                        placement.mesh);
}

}  // namespace

Machine::Machine(const sc_core::sc_module_name& name, const BoundTree& tree, const Schedule& schedule, Effects effects,
                 const ArrayPlacement& placement, Sequencer::Options options, FunctionalModel* functional,
                 std::uint32_t build_seed)
    : sc_module(name),
      clock_(tree.architecture.clock_hz),
      network_(make_network(tree.architecture, placement)),
      core_(clock_, network_.get()),
      ports_(make_ports(tree.architecture, core_, network_.get())) {
  const Architecture& architecture = tree.architecture;
  RunObserver* const observer = options.observer;
  const auto build_dram = [&] {
    if (effects.dram) {
      DramMemory memory = make_dram_memory(architecture);
      // Each tensor begins with a row.
      const auto placed = place_tensors(tree, memory.row_bytes());
      auto tensors = tensors_of_nodes(tree, schedule, placed);
      jedec_dram_ = std::make_unique<MemoryModule<JedecDram>>("dram", failures_, architecture, std::move(memory),
                                                              std::move(tensors), ports_, core_, clock_);
      if (observer != nullptr) {
        jedec_dram_->core().observe(observer);
        observed_dram_ = ObservedDram{&jedec_dram_->core().memory(), placed};
      }
    } else {
      fixed_dram_ = std::make_unique<MemoryModule<FixedDram>>("dram", failures_, architecture, ports_, core_, clock_);
      fixed_dram_->core().observe(observer);
    }
  };
  const auto build_on_chip = [&] {
    on_chip_ = std::make_unique<MemoryModule<OnChipMover>>("on_chip", failures_, architecture, ports_, core_, clock_);
  };
  const auto build_sequencer = [&] {
    sequencer_ = std::make_unique<SequencerModule>("sequencer", failures_, tree, schedule, std::move(options), clock_,
                                                   functional);
  };
  PeArray::Settings array_settings{Cycle(architecture.mesh.operation_overhead_cycles), placement, false};
  array_settings.observer = observer;
  array_settings.reduces = network_ == nullptr || !network_->adds();
  std::vector<std::function<void()>> builders = {build_dram, build_on_chip, build_sequencer};
  arrays_.resize(schedule.stages.size());
  for (StageIndex stage = 0; stage < arrays_.size(); ++stage) {
    builders.emplace_back([&, stage] {
      arrays_[stage] = std::make_unique<PeArray>(("pe_array_" + std::to_string(stage)).c_str(), failures_, stage,
                                                 ports_, core_, network_.get(), clock_, array_settings);
    });
  }
  if (build_seed != 0) std::shuffle(builders.begin(), builders.end(), std::mt19937(build_seed));
  for (const auto& build : builders) build();

  for (const auto& array : arrays_) {
    array->completions(*sequencer_);
    sequencer_->arrays(*array);
  }
  const auto connect = [&](auto& dram) {
    dram.completions(*sequencer_);
    sequencer_->dram(dram);
  };
  if (fixed_dram_) connect(*fixed_dram_);
  if (jedec_dram_) connect(*jedec_dram_);
  on_chip_->completions(*sequencer_);
  sequencer_->on_chip(*on_chip_);
  if (observer != nullptr) {
    observer->begin({&tree, &schedule, &sequencer().holdings().nodes(), clock_,
                     observed_dram_ ? &*observed_dram_ : nullptr, network_.get()});
  }
}

DramCounters Machine::dram_counters(Cycle end) {
  if (fixed_dram_) return fixed_dram_->core().counters();
  const DramCounters counters = jedec_dram_->core().counters(clock_.at(end));
  jedec_dram_->core().report_commands();
  return counters;
}

void Machine::report_steps() {
  for (const auto& array : arrays_) array->report_steps();
}

void Machine::run(const std::atomic<bool>* stop) {
  sequencer_->stop_when(stop);
  sc_core::sc_start();
  failures_.rethrow();
  if (network_ != nullptr && network_->deadlock()) std::rethrow_exception(network_->deadlock());
  if (sequencer().finished()) return;
  if (stop != nullptr && *stop) throw InterruptedError();
  throw DeadlockError(sequencer().describe_deadlock());
}

}  // namespace loopsim
