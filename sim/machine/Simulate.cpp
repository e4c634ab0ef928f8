#include "sim/machine/Simulate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>

#include "sim/checks/FitCheck.hpp"
#include "sim/machine/MeasurementBuilder.hpp"
#include "sim/machine/ModelledArchitecture.hpp"
#include "sim/observe/RunObserver.hpp"
#include "sim/time/KernelContext.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {

namespace {

void run(Machine& machine, const SimulationOptions& options) {
  const auto cut = [&](const char* reason) {
    if (options.observer == nullptr) return;
    machine.report_steps();
    options.observer->cut(machine.clock().edge(machine.now()), reason);
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
  const KernelContext kernel;
  Machine machine("machine", options.build_seed);
  return simulate(machine, given, schedule, options);
}

Measurement simulate(Machine& machine, const BoundTree& given, const Schedule& schedule,
                     const SimulationOptions& options) {
  const Effects effects = effects_of(options);
  Diagnostics diagnostics;
  Requirements needed = check_requirements(given, schedule, options, diagnostics);
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  BoundTree tree = given;
  tree.architecture = modelled_architecture(std::move(tree.architecture), effects);

  const std::vector<HoldingNode> nodes = holding_nodes(tree, schedule);
  std::unique_ptr<FunctionalModel> functional;
  if (options.functional) functional = std::make_unique<FunctionalModel>(tree, schedule, nodes);
  const Program program = make_program(tree, schedule, std::move(needed));
  Machine::LoadOptions loading;
  loading.ideal = !effects.any();
  loading.jedec = effects.dram;
  loading.functional = functional.get();
  loading.observer = options.observer;
  machine.load(program, loading);
  run(machine, options);
  Measurement measurement = build_measurement(tree, schedule, program.needed, machine);
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
