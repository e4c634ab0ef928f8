#include "validation/RunFigures.hpp"

#include <nlohmann/json.hpp>

#include "inputs/Inputs.hpp"
#include "mapping/BoundTree.hpp"
#include "runs/RunCase.hpp"
#include "validation/TaskAnswer.hpp"

namespace loopsim {

namespace {

using Json = nlohmann::ordered_json;

double number(std::int64_t value) {
  return static_cast<double>(value);
}

void add_measures(const BoundTree& tree, const std::string& side, const Measures& measures, Figures& figures) {
  std::int64_t ops = 0;
  std::int64_t distinct = 0;
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const EinsumMeasures& einsum = measures.einsums[EinsumId(e)];
    figures[side + ".steps:" + tree.graph.einsums[EinsumId(e)].name] = number(einsum.steps);
    ops += einsum.ops;
    distinct += einsum.distinct_ops;
  }
  figures[side + ".ops"] = number(ops);
  figures[side + ".distinct_ops"] = number(distinct);
  const LevelMeasures& memory = measures.levels[LevelId(0)];
  figures[side + ".offchip_reads"] = number(memory.reads);
  figures[side + ".offchip_writes"] = number(memory.writes);
  figures[side + ".offchip_words"] = number(memory.reads + memory.writes);
}

Figures figures_of(const FigureRun& run) {
  const Inputs inputs = load_inputs_from(run.inputs, run.overrides);
  Diagnostics diagnostics;
  const BoundTree tree = bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
  CaseResult result;
  if (run.simulate) {
    SimulationOptions options;
    options.fidelity = run.fidelity.value_or(tree.architecture.default_fidelity);
    result = run_case(tree, options);
  } else {
    // Without the question whether a run fits, which an execution of the schedule answers.
    result.estimate = loopsim::estimate(tree);
  }
  Figures figures;
  const LevelId buffer(1);
  const LoopTreeEstimate& estimate = result.estimate;
  figures["estimate.cycles"] = number(estimate.cycles);
  figures["estimate.compute_cycles"] = number(estimate.compute_cycles);
  figures["estimate.sequential_steps"] = number(estimate.sequential_steps);
  figures["estimate.unlimited_steps"] = number(estimate.unlimited_steps.value_or(estimate.sequential_steps));
  add_measures(tree, "estimate", estimate.measures, figures);
  const bool has_buffer = tree.architecture.memories.size() > 1;
  if (has_buffer) figures["estimate.capacity"] = number(estimate.required_words[buffer]);
  if (!result.measurement) return figures;
  const Measurement& measured = *result.measurement;
  figures["simulation.cycles"] = number(measured.cycles);
  figures["simulation.dram_read_bits"] = number(measured.dram.read_bytes) * 8;
  figures["simulation.dram_write_bits"] = number(measured.dram.write_bytes) * 8;
  add_measures(tree, "simulation", measured.measures, figures);
  if (has_buffer) {
    figures["simulation.peak_words"] = number(measured.levels[buffer].peak_words);
    figures["simulation.min_words"] = number(measured.levels[buffer].min_words);
    figures["simulation.peak_live_words"] = number(measured.levels[buffer].peak_live_words);
    if (const auto& carried = measured.levels[buffer].boundary_live_words) {
      figures["simulation.boundary_live_words"] = number(*carried);
    }
  }
  std::int64_t unexplained = 0;
  for (const ComparisonEntry& entry : result.comparison->entries) unexplained += entry.verdict == Verdict::unexplained;
  figures["simulation.unexplained"] = number(unexplained);
  for (const BridgeEntry& entry : result.comparison->bridge) figures["bridge." + entry.cause] = number(entry.cycles);
  return figures;
}

}  // namespace

ForkedTask figures_task(FigureRun run) {
  return [run = std::move(run)] { return answer_text([&run] { return Json(figures_of(run)); }); };
}

Figures figures_from(const ForkedOutcome& outcome, const std::string& name) {
  return answer_of(outcome, name).get<Figures>();
}

}  // namespace loopsim
