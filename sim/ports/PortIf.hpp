#pragma once

#include <systemc>

#include "sim/ports/MemoryPorts.hpp"

namespace loopsim {

/// The ports of the memories, which whoever moves words takes.
struct PortIf : virtual sc_core::sc_interface {
  virtual PortCore& core() = 0;
  virtual const MemoryPorts& servers() const = 0;
};

}  // namespace loopsim
