#pragma once

#include <memory>
#include <optional>

#include "mapping/BoundTree.hpp"
#include "sim/dram/FixedDram.hpp"
#include "sim/dram/JedecDram.hpp"
#include "sim/dram/ObservedDram.hpp"
#include "sim/dram/TlmPort.hpp"
#include "sim/ports/PortIf.hpp"
#include "sim/ports/TransferModule.hpp"
#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// SystemC module of main memory: of a fixed rate, of JEDEC parts, or whatever is bound to its TLM-2.0 socket, from the
/// rung `bandwidth` on.
class Dram : public TransferModule {
 public:
  sc_core::sc_port<PortIf> ports{"ports"};

  Dram(const sc_core::sc_module_name& name, KernelRun& run) : TransferModule(name, run), tlm_(run) {}
  const char* kind() const override { return "Dram"; }

  /// For a program; `ideal`: it takes no time; `jedec`: of parts, if nothing is bound to the socket. The ports must be
  /// those of the same program. Throws InputError if the memory does not go together.
  void load(const BoundTree& tree, const Schedule& schedule, bool ideal, bool jedec, RunObserver* observer);
  /// To bind a memory of one's own to, before the machine is elaborated.
  TlmPort::Socket& socket() { return tlm_.socket; }
  /// Of a run that has ended at `end`.
  DramCounters counters(Cycle end);
  /// Null but with JEDEC parts that are observed.
  const ObservedDram* observed() const { return observed_ ? &*observed_ : nullptr; }

 private:
  Clock clock_{1};
  std::unique_ptr<FixedDram> fixed_;  ///< or
  std::unique_ptr<JedecDram> jedec_;  ///< or
  std::unique_ptr<TlmMover> external_;
  TlmPort tlm_;
  std::optional<ObservedDram> observed_;
};

}  // namespace loopsim
