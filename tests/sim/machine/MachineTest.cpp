#include <fmt/format.h>
#include <gtest/gtest.h>

#include "inputs/Inputs.hpp"
#include "sim/machine/Machine.hpp"
#include "sim/machine/Simulate.hpp"
#include "sim/time/KernelContext.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

BoundTree tree_of(const std::vector<std::string>& files) {
  std::vector<std::string> paths;
  for (const std::string& file : files) paths.push_back((source_folder() / file).string());
  const Inputs inputs = load_inputs(paths, {});
  Diagnostics diagnostics;
  return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
}

struct Case {
  BoundTree tree;
  Fidelity fidelity;
};

/// A pipeline with banks and meshes on the highest rung, a sequential tree on JEDEC memory, and one without a machine.
std::vector<Case> cases() {
  const std::string folder = "docs/examples/looptree/";
  return {
      {tree_of({folder + "problem.yaml", folder + "mapping.yaml", folder + "architecture.yaml"}), Fidelity::noc},
      {tree_of({"tests/presets_small/mobilenetv2_block/fused.yaml", "tests/presets_small/edge.yaml"}), Fidelity::dram},
      {tree_of({"tests/presets_small/fc_fc/layers.yaml"}), Fidelity::ideal}};
}

SimulationOptions options_of(const Case& one) {
  SimulationOptions options;
  options.fidelity = one.fidelity;
  options.functional = true;
  return options;
}

/// All that two runs of one program have in common.
std::string text_of(const Measurement& run) {
  std::string text = fmt::format("{} cycles, path {}, {} pJ\n", run.cycles, run.path.total(), run.energy_pj);
  for (const StageAccount& account : run.accounting) {
    text += fmt::format("{} {} {} {} {}", account.stage, account.compute, account.ramp, account.drain, account.idle);
    for (const std::int64_t stall : account.stall) text += fmt::format(" {}", stall);
    for (const auto& [name, cycles] : account.detail) text += fmt::format(" {} {}", name, cycles);
    text += "\n";
  }
  for (const AccessMeasures& access : run.measures.accesses) {
    text += fmt::format("{} {} {} {} {} {}\n", access.level.value, access.tensor.value, access.einsum.value,
                        access.reads, access.writes, access.fills);
  }
  for (const EnergyMeasure& energy : run.measures.energy) text += fmt::format("{} {}\n", energy.count, energy.pj);
  text += fmt::format("dram {} {} {}", run.dram.read_bytes, run.dram.write_bytes, run.dram.busy_cycles);
  if (run.dram.jedec) {
    text += fmt::format(" {} {} {}", run.dram.jedec->row_hits, run.dram.jedec->refreshes, run.dram.jedec->row_misses);
  }
  text += fmt::format("\nnoc {} {}", run.noc.bits, run.noc.busy_cycles);
  if (run.functional)
    text += fmt::format("\n{} checked, {} wrong", run.functional->checked, run.functional->mismatches);
  return text;
}

TEST(Machine, GivesEachProgramWhatItGetsAlone) {
  const std::vector<Case> all = cases();
  std::vector<std::string> alone;
  for (const Case& one : all) alone.push_back(text_of(simulate(one.tree, options_of(one))));
  EXPECT_NE(alone[0], alone[1]);

  const KernelContext kernel;
  Machine machine("machine");
  for (const std::size_t number : {0, 1, 0, 2, 1, 0}) {
    const Case& one = all[number];
    EXPECT_EQ(text_of(simulate(machine, one.tree, make_schedule(one.tree), options_of(one))), alone[number]) << number;
  }
}

TEST(Machine, IsAsNewAfterARunThatWasStopped) {
  const std::vector<Case> all = cases();
  const std::string alone = text_of(simulate(all[0].tree, options_of(all[0])));
  const KernelContext kernel;
  Machine machine("machine");
  std::atomic<bool> stop = true;
  SimulationOptions stopped = options_of(all[1]);
  stopped.stop = &stop;
  EXPECT_THROW(simulate(machine, all[1].tree, make_schedule(all[1].tree), stopped), InterruptedError);
  EXPECT_EQ(text_of(simulate(machine, all[0].tree, make_schedule(all[0].tree), options_of(all[0]))), alone);
}

}  // namespace
}  // namespace loopsim
