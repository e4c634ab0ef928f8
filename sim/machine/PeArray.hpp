#pragma once

#include <systemc>

#include "sim/machine/Interfaces.hpp"
#include "sim/machine/MemoryPorts.hpp"

namespace loopsim {

/// The PE array partition of one stage: executes a tile operation's step runs against the ports of the memories.
class PeArray : public sc_core::sc_module, public ArrayIf {
 public:
  sc_core::sc_port<CompletionIf> completions{"completions"};

  PeArray(const sc_core::sc_module_name& name, StageIndex stage, const MemoryPorts& ports, PortCore& core, Clock clock,
          Cycle operation_overhead);

  void execute(const ArrayOutcome& outcome) override;
  PortCore::Spent spent() const override;

 private:
  void run();

  StageIndex stage_;
  const MemoryPorts* ports_;
  PortCore* core_;
  Clock clock_;
  Cycle overhead_;
  UserIndex user_;
  bool in_overhead_ = false;
  sc_core::sc_event wake_{"wake"};
};

}  // namespace loopsim
