// A mapping on a machine whose main memory is a TLM-2.0 target, beside the same on Loopsim's own memory.
#include <iostream>

#include "FixedRateMemory.hpp"
#include "inputs/Inputs.hpp"
#include "sim/machine/Machine.hpp"
#include "sim/machine/Simulate.hpp"
#include "sim/time/KernelContext.hpp"

namespace {

std::int64_t cycles_with_target(const loopsim::BoundTree& mapping, const loopsim::SimulationOptions& options) {
  const loopsim::MemoryLevel& memory = mapping.architecture.memories.front();
  const loopsim::KernelContext kernel;
  loopsim::Machine machine("machine");
  const double latency =
      static_cast<double>(memory.latency_cycles) * 1e9 / static_cast<double>(mapping.architecture.clock_hz);
  FixedRateMemory target("memory", *memory.bandwidth.shared, sc_core::sc_time(latency, sc_core::SC_NS));
  machine.memory_socket().bind(target.socket);
  return simulate(machine, mapping, make_schedule(mapping), options).cycles;
}

}  // namespace

int sc_main(int argc, char** argv) {
  try {
    const loopsim::Inputs inputs = loopsim::load_inputs({argv + 1, argv + argc}, {});
    loopsim::Diagnostics diagnostics;
    const loopsim::BoundTree mapping =
        bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
    loopsim::SimulationOptions options;
    options.fidelity = loopsim::Fidelity::bandwidth;
    options.functional = true;
    const std::int64_t own = simulate(mapping, options).cycles;
    const std::int64_t with_target = cycles_with_target(mapping, options);
    std::cout << "own memory " << own << " cycles, TLM target " << with_target << " cycles\n";
    return own == with_target ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what();
    return 2;
  }
}
