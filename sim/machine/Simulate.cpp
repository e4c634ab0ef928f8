#include "sim/machine/Simulate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>

#include "sim/checks/FitCheck.hpp"
#include "sim/machine/MeasurementBuilder.hpp"
#include "sim/observe/RunObserver.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {

namespace {

/// Without the effect `bandwidth` nothing takes time but steps, and sizes do not limit.
void remove_limits(Architecture& architecture) {
  for (MemoryLevel& memory : architecture.memories) {
    memory.bandwidth = {};
    memory.latency_cycles = 0;
    memory.transfer_overhead_cycles = 0;
    memory.size_bits.reset();
    memory.copy_bandwidth.reset();
  }
  architecture.bus = {};
  architecture.mesh.operation_overhead_cycles = 0;
  architecture.mesh.operation_latency_cycles = 0;
  architecture.mesh.adder_latency_cycles = 0;
  architecture.mesh.hold_results = false;
}

void run(Machine& machine, const SimulationOptions& options) {
  const auto cut = [&](const char* reason) {
    if (options.observer == nullptr) return;
    machine.report_steps();
    options.observer->cut(machine.clock().edge(simulated_time()), reason);
  };
  try {
    machine.run(options.stop);
  } catch (const InterruptedError&) {
    cut("interrupted");
    throw;
  } catch (const DeadlockError&) {
    cut("nothing can proceed");
    throw;
  }
}

/// Nothing differs where operations are repeated by a rule that estimate and schedule share, so the user is told.
std::optional<std::string> note_on_recomputation(const BoundTree& tree, const Measurement& measurement) {
  std::vector<std::string> counts;
  std::string first;
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const std::string& name = tree.graph.einsums[EinsumId(e)].name;
    const std::int64_t again = measurement.wrap_recomputed_ops[EinsumId(e)];
    if (again == 0) continue;
    if (first.empty()) first = name;
    counts.push_back(fmt::format("{} of '{}'", again, name));
  }
  if (counts.empty()) return std::nullopt;
  return fmt::format(
      "operations are repeated although the buffer still holds their results: {}; where the inner of the loops that "
      "share a tile starts over, LoopTree's retention rule forgets them (einsums.{}.wrap_recomputed_ops)",
      fmt::join(counts, ", "), first);
}

}  // namespace

Measurement simulate(const BoundTree& tree, const SimulationOptions& options) {
  return simulate(tree, make_schedule(tree), options);
}

Measurement simulate(const BoundTree& given, const Schedule& schedule, const SimulationOptions& options) {
  BoundTree tree = given;
  const Effects effects = effects_of(options);
  Diagnostics diagnostics;
  const Requirements needed = check_requirements(tree, schedule, options, diagnostics);
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  if (!effects.bandwidth) remove_limits(tree.architecture);
  if (effects.noc) {
    tree.architecture.bus = {};
  } else {
    tree.architecture.noc.reset();
  }
  if (!effects.glb) {
    for (MemoryLevel& memory : tree.architecture.memories) memory.banks.reset();
  }

  Sequencer::Options sequencing;
  sequencing.ideal = !effects.any();
  sequencing.observer = options.observer;
  sequencing.prefetch = sequencing.ideal ? 0 : tree.architecture.prefetch;
  sequencing.operation_latency = Cycle(tree.architecture.mesh.operation_latency_cycles);
  sequencing.hold_results = tree.architecture.mesh.hold_results;
  for (const auto& [level, peak] : needed.space) sequencing.minimum_bits[level] = peak.bits;

  const Holdings layout(tree, schedule);
  std::unique_ptr<FunctionalModel> functional;
  if (options.functional) functional = std::make_unique<FunctionalModel>(tree, schedule, layout.nodes());
  Machine machine("machine", tree, schedule, effects, place_arrays(tree, schedule, needed.mesh), std::move(sequencing),
                  functional.get(), options.build_seed);
  run(machine, options);
  Measurement measurement = build_measurement(tree, schedule, needed, machine);
  if (options.observer != nullptr) options.observer->end(Cycle(measurement.cycles));
  for (const Diagnostic& item : diagnostics.all()) {
    const std::string place = describe(item.where);
    measurement.warnings.push_back(place.empty() ? item.message : fmt::format("{}: {}", place, item.message));
  }
  if (functional) measurement.functional = functional->finish();
  if (const auto note = note_on_recomputation(tree, measurement)) measurement.warnings.push_back(*note);
  const auto& memories = tree.architecture.memories;
  if (effects.glb && !tree.architecture.built_in_ideal && memories.size() > banked_level.value &&
      !memories[banked_level.value].banks) {
    const std::string& name = memories[banked_level.value].name;
    measurement.warnings.push_back(fmt::format(
        "'{}' has no banks (simulation.levels.{}.banks); its ports are as on the rungs below 'glb'", name, name));
  }
  return measurement;
}

}  // namespace loopsim
