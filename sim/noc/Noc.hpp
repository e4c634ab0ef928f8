#pragma once

#include <memory>
#include <systemc>

#include "arch/Architecture.hpp"
#include "sim/noc/ArrayNetwork.hpp"

namespace loopsim {

/// The network between the memories outside the array and the PEs; null where the bus carries what it would.
struct NetworkIf : virtual sc_core::sc_interface {
  virtual ArrayNetwork* network() = 0;
};

/// SystemC shell of the networks of a machine.
class Noc : public sc_core::sc_module, public NetworkIf {
 public:
  explicit Noc(const sc_core::sc_module_name& name);
  const char* kind() const override { return "Noc"; }

  /// Networks for a program whose arrays lie in `mesh`.
  void load(const Architecture& architecture, MeshExtent mesh);
  ArrayNetwork* network() override { return network_.get(); }

 private:
  std::unique_ptr<ArrayNetwork> network_;
};

}  // namespace loopsim
