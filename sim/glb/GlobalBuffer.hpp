#pragma once

#include <optional>

#include "sim/glb/OnChipMover.hpp"
#include "sim/noc/Noc.hpp"
#include "sim/ports/PortIf.hpp"
#include "sim/ports/TransferModule.hpp"

namespace loopsim {

/// SystemC module of the buffers outside the array: their ports and banks, which steps and transfers take, and the
/// mover between them.
class GlobalBuffer : public TransferModule, public PortIf {
 public:
  sc_core::sc_port<NetworkIf> network{"network"};

  GlobalBuffer(const sc_core::sc_module_name& name, KernelRun& run) : TransferModule(name, run) {}
  const char* kind() const override { return "GlobalBuffer"; }

  /// For a program; the network must be that of the same program.
  void load(const Architecture& architecture);

  PortCore& core() override { return *core_; }
  const PortCore& core() const { return *core_; }
  const MemoryPorts& servers() const override { return servers_; }

 private:
  std::optional<PortCore> core_;
  MemoryPorts servers_;
  std::optional<OnChipMover> mover_;
};

}  // namespace loopsim
