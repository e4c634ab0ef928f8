#include "sim/Simulate.hpp"

#include <memory>

#include "sim/FitCheck.hpp"
#include "sim/MeasurementBuilder.hpp"

namespace loopsim {

namespace {

/// On the rung `ideal` nothing takes time but steps.
Architecture without_limits(Architecture architecture) {
  for (MemoryLevel& memory : architecture.memories) {
    memory.bandwidth = {};
    memory.latency_cycles = 0;
    memory.transfer_overhead_cycles = 0;
  }
  architecture.bus = {};
  architecture.mesh.operation_overhead_cycles = 0;
  architecture.mesh.operation_latency_cycles = 0;
  return architecture;
}

}  // namespace

Measurement simulate(const BoundTree& tree, const SimulationOptions& options) {
  return simulate(tree, make_schedule(tree), options);
}

Measurement simulate(const BoundTree& given, const Schedule& schedule, const SimulationOptions& options) {
  BoundTree tree = given;
  const bool ideal = options.fidelity == Fidelity::ideal;
  const Requirements needed = requirements(tree, schedule);
  Diagnostics diagnostics;
  report_misfits(tree, schedule, needed, options.fidelity, diagnostics);
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  if (ideal) tree.architecture = without_limits(tree.architecture);

  Sequencer::Options sequencing;
  sequencing.ideal = ideal;
  sequencing.prefetch = ideal ? 0 : tree.architecture.prefetch;
  sequencing.operation_latency = Cycle(tree.architecture.mesh.operation_latency_cycles);
  for (const auto& [level, peak] : needed.space) sequencing.minimum_bits[level] = peak.bits;

  const Holdings layout(tree, schedule);
  std::unique_ptr<FunctionalModel> functional;
  if (options.functional) functional = std::make_unique<FunctionalModel>(tree, schedule, layout.nodes());
  Machine machine("machine", tree, schedule, tree.architecture, std::move(sequencing), functional.get());
  machine.run();
  Measurement measurement = build_measurement(tree, schedule, needed, machine);
  if (functional) measurement.functional = functional->finish();
  return measurement;
}

}  // namespace loopsim
