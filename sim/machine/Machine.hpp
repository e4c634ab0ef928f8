#pragma once

#include <atomic>
#include <memory>

#include "sim/dram/Dram.hpp"
#include "sim/glb/GlobalBuffer.hpp"
#include "sim/machine/Program.hpp"
#include "sim/noc/Noc.hpp"
#include "sim/pe_array/PeArray.hpp"
#include "sim/sequencer/SequencerModule.hpp"

namespace loopsim {

/// The whole machine: modules and how they are joined. It is built once, then programs are loaded into it and run, one
/// after the other. What a program finds is a machine that has done nothing yet.
class Machine : public sc_core::sc_module {
 public:
  /// `build_seed`: SimulationOptions::build_seed.
  explicit Machine(const sc_core::sc_module_name& name, std::uint32_t build_seed = 0);
  const char* kind() const override { return "Machine"; }

  /// What ports are bound to is known from then on, and no module can be made any more. `load` does it if need be.
  static void elaborate();

  /// To hang a memory of one's own below the machine, before it is elaborated.
  TlmPort::Socket& memory_socket() { return dram_->socket(); }

  struct LoadOptions {
    bool ideal = false;                     ///< nothing but steps takes time, sizes do not limit
    bool jedec = false;                     ///< main memory is of JEDEC parts
    FunctionalModel* functional = nullptr;  ///< carries values along, if there is one
    RunObserver* observer = nullptr;        ///< told what happens, if there is one
  };
  /// The program's architecture is what is modelled (see modelled_architecture). It must live until the next is loaded.
  void load(const Program& program, const LoadOptions& options);

  /// Runs until nothing is left to do, or until `stop` is true. Throws DeadlockError, InterruptedError, and what
  /// its parts throw, such as OverflowError.
  void run(const std::atomic<bool>* stop = nullptr);

  /// Tells the observer of the steps of operations that have not ended.
  void report_steps() { pe_array_->report_steps(); }

  // Of the program that has been loaded last.
  Picoseconds now() const { return run_.now(); }
  Sequencer& sequencer() { return sequencer_->sequencer(); }
  /// Of a run that has ended at `end`.
  DramCounters dram_counters(Cycle end) { return dram_->counters(end); }
  /// Null where there is no network.
  ArrayNetwork* network() const { return noc_->network(); }
  const PortCore& ports() const { return std::as_const(*global_buffer_).core(); }
  const MemoryPorts& servers() const { return global_buffer_->servers(); }
  Clock clock() const { return clock_; }

 private:
  KernelRun run_;
  Clock clock_{1};
  std::unique_ptr<Dram> dram_;
  std::unique_ptr<GlobalBuffer> global_buffer_;
  std::unique_ptr<Noc> noc_;
  std::unique_ptr<PeArray> pe_array_;
  std::unique_ptr<SequencerModule> sequencer_;
};

}  // namespace loopsim
