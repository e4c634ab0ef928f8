#include "sim/machine/Machine.hpp"

#include <algorithm>
#include <functional>
#include <random>

#include "sim/time/RunErrors.hpp"

namespace loopsim {

Machine::Machine(const sc_core::sc_module_name& name, std::uint32_t build_seed) : sc_module(name) {
  std::vector<std::function<void()>> builders = {
      [this] { dram_ = std::make_unique<Dram>("dram", run_); },
      [this] { global_buffer_ = std::make_unique<GlobalBuffer>("global_buffer", run_); },
      [this] { noc_ = std::make_unique<Noc>("noc"); },
      [this] { pe_array_ = std::make_unique<PeArray>("pe_array", run_); },
      [this] { sequencer_ = std::make_unique<SequencerModule>("sequencer", run_); },
  };
  if (build_seed != 0) std::shuffle(builders.begin(), builders.end(), std::mt19937(build_seed));
  for (const auto& build : builders) build();

  global_buffer_->network(*noc_);
  dram_->ports(*global_buffer_);
  pe_array_->ports(*global_buffer_);
  pe_array_->network(*noc_);
  dram_->completions(*sequencer_);
  global_buffer_->completions(*sequencer_);
  pe_array_->completions(*sequencer_);
  sequencer_->dram(*dram_);
  sequencer_->global_buffer(*global_buffer_);
  sequencer_->pe_array(*pe_array_);
}

void Machine::elaborate() {
  if (sc_core::sc_get_status() != sc_core::SC_ELABORATION) return;
  // The kernel would warn that nothing happens.
  const char* const warning = sc_core::SC_ID_NO_SC_START_ACTIVITY_;
  const auto before = sc_core::sc_report_handler::set_actions(warning, sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  sc_core::sc_report_handler::set_actions(warning, sc_core::SC_WARNING, before);
}

void Machine::load(const Program& program, const LoadOptions& options) {
  const BoundTree& tree = *program.tree;
  const Architecture& architecture = tree.architecture;
  elaborate();
  run_.begin();
  clock_ = Clock(architecture.clock_hz);
  noc_->load(architecture, program.placement.mesh);
  global_buffer_->load(architecture);
  dram_->load(tree, *program.schedule, options.ideal, options.jedec, options.observer);
  pe_array_->load(tree, *program.schedule, program.placement, options.observer);

  Sequencer::Options sequencing;
  sequencing.ideal = options.ideal;
  sequencing.observer = options.observer;
  sequencing.prefetch = options.ideal ? 0 : architecture.prefetch;
  sequencing.operation_latency = Cycle(architecture.mesh.operation_latency_cycles);
  sequencing.hold_results = architecture.mesh.hold_results;
  for (const auto& [level, peak] : program.needed.space) sequencing.minimum_bits[level] = peak.bits;
  sequencer_->load(tree, *program.schedule, std::move(sequencing), options.functional);

  if (options.observer == nullptr) return;
  options.observer->begin(
      {&tree, program.schedule, &sequencer().holdings().nodes(), clock_, dram_->observed(), network()});
}

void Machine::run(const std::atomic<bool>* stop) {
  sequencer_->stop_when(stop);
  sc_core::sc_start();
  run_.rethrow();
  if (network() != nullptr && network()->deadlock()) std::rethrow_exception(network()->deadlock());
  if (sequencer().finished()) return;
  if (stop != nullptr && *stop) throw InterruptedError();
  throw DeadlockError(sequencer().describe_deadlock());
}

}  // namespace loopsim
