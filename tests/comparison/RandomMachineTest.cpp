#include <chrono>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/checks/MinimumSpace.hpp"
#include "sim/machine/Simulate.hpp"
#include "sim/time/Clock.hpp"
#include "tests/comparison/Complaints.hpp"
#include "tests/comparison/RandomMachine.hpp"
#include "tests/support/ForkedRun.hpp"
#include "tests/support/RandomTree.hpp"

namespace loopsim {
namespace {

std::optional<BoundTree> random_bound_tree(Choices& choices, RandomCase& random, RandomTreeLimits limits) {
  limits.graph.einsums = 4;
  limits.graph.extent = 6;
  limits.graph.channels = 3;
  random = random_case(choices, limits);
  Diagnostics diagnostics;
  try {
    return bind_mapping(random.graph, random.architecture, random.tree, {}, diagnostics);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

/// Bits that cross the ports of a level, from the words that the run reports.
struct Crossing {
  std::int64_t read = 0;
  std::int64_t written = 0;
};
Crossing crossing(const BoundTree& tree, const Measurement& run, LevelId level) {
  Crossing bits;
  for (const AccessMeasures& access : run.measures.accesses) {
    if (access.level != level) continue;
    bits.read += access.reads * word_bits(tree, access.tensor, level);
    bits.written += access.writes * word_bits(tree, access.tensor, level);
  }
  return bits;
}

/// A storage node of the level lies below a spatial loop: its words are spread over instances.
bool has_several_instances(const BoundTree& tree, LevelId level) {
  for (NodeId id(0); id.value < tree.nodes.size(); ++id.value) {
    if (tree.nodes[id].kind != NodeKind::storage || tree.nodes[id].level != level) continue;
    for (NodeId above : path_to(tree, id)) {
      if (tree.nodes[above].kind == NodeKind::spatial) return true;
    }
  }
  return false;
}

/// No faster than the words can cross the ports of the levels outside the array, nor than the steps of a stage.
std::string check_bounds(const BoundTree& tree, const Measurement& run, Fidelity fidelity) {
  std::string text;
  const Picoseconds end = Clock(tree.architecture.clock_hz).at(Cycle(run.cycles));
  const auto bound = [&](const std::string& what, std::int64_t bits, std::int64_t rate) {
    if (bits > 0 && rate > 0 && transfer_time(bits, rate) > end) {
      text += fmt::format("{} bits cross {} of {} bits/s in {} cycles\n", bits, what, rate, run.cycles);
    }
  };
  if (run.dram.busy_cycles > run.cycles && run.dram.jedec) {
    text += fmt::format("the DRAM's data bus is busy for {} of {} cycles\n", run.dram.busy_cycles, run.cycles);
  }
  // On the rung `dram` the part limits what goes through level 0.
  for (std::size_t i = fidelity < Fidelity::dram ? 0 : 1; i < 2 && i < tree.architecture.memories.size(); ++i) {
    const MemoryLevel& memory = tree.architecture.memories[i];
    if (memory.banks && fidelity >= Fidelity::glb) continue;  // the banks limit
    if (memory.bandwidth.unlimited() || has_several_instances(tree, LevelId(i))) continue;
    const Crossing bits = crossing(tree, run, LevelId(i));
    const std::int64_t shared = memory.bandwidth.shared.value_or(0);
    const std::int64_t read = memory.bandwidth.read.value_or(0);
    const std::int64_t write = memory.bandwidth.write.value_or(0);
    const bool doubled = i == 0 && tree.architecture.dram.separate_channels && read == 0 && write == 0;
    bound("the read ports of " + memory.name, bits.read, read + shared);
    bound("the write ports of " + memory.name, bits.written, write + shared);
    bound("all ports of " + memory.name, bits.read + bits.written, read + write + shared * (doubled ? 2 : 1));
  }
  const Schedule schedule = make_schedule(tree);
  for (const Stage& stage : schedule.stages) {
    std::int64_t steps = 0;
    for (LeafIndex leaf : stage.leaves) steps += run.measures.einsums[schedule.leaves[leaf].einsum].steps;
    if (run.cycles < steps) text += fmt::format("stage {} has {} steps in {} cycles\n", stage.name, steps, run.cycles);
  }
  return text;
}

std::string run_ideal(const BoundTree& tree) {
  const LoopTreeEstimate estimate = loopsim::estimate(tree);
  SimulationOptions options;
  options.functional = true;
  const Measurement run = simulate(tree, options);
  return complaints_about(estimate, run, compare(tree, estimate, run));
}

/// Complaints, then an empty line, then everything measured.
std::string run_rung(const BoundTree& tree, Fidelity fidelity) {
  const LoopTreeEstimate estimate = loopsim::estimate(tree);
  SimulationOptions options;
  options.fidelity = fidelity;
  options.functional = true;
  const Measurement run = simulate(tree, options);
  return complaints_about(estimate, run, compare(tree, estimate, run)) + check_bounds(tree, run, fidelity) + "\n" +
         full_text(run);
}

/// No bank accesses more lines than there are cycles, in each direction.
std::string check_banks(const BoundTree& tree, const Measurement& run) {
  const auto& memories = tree.architecture.memories;
  const bool banked = memories.size() > banked_level.value && memories[banked_level.value].banks;
  if (banked != run.glb.banks.has_value()) return "banks were not simulated\n";
  if (!banked) return "";
  std::string text;
  for (const std::int64_t busy : run.glb.banks->busy_cycles) {
    if (busy > run.cycles) text += fmt::format("a bank is busy for {} of {} cycles\n", busy, run.cycles);
  }
  for (const LayoutCounters& layout : run.glb.banks->layout) {
    if (layout.bank_cycles < layout.steps || layout.lines < layout.bank_cycles) text += "line counts are impossible\n";
  }
  return text;
}

std::string run_banked(const BoundTree& tree) {
  const LoopTreeEstimate estimate = loopsim::estimate(tree);
  SimulationOptions options;
  options.fidelity = Fidelity::glb;
  options.functional = true;
  const Measurement run = simulate(tree, options);
  return complaints_about(estimate, run, compare(tree, estimate, run)) + check_banks(tree, run);
}

/// A mapping on a machine, both random.
struct RandomRun {
  std::uint64_t seed = 0;
  RandomCase random;
  BoundTree tree;
};

RandomRun any_run(const RandomTreeLimits& limits = {}) {
  RandomRun run;
  // A smaller seed is no simpler case.
  run.seed = *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  Choices choices(random_numbers(run.seed));
  std::optional<BoundTree> tree = random_bound_tree(choices, run.random, limits);
  if (!tree) RC_DISCARD("does not bind");
  run.tree = std::move(*tree);
  try {
    randomise_machine(run.tree, choices);
  } catch (const UnheldWordsError&) {
    RC_DISCARD("counts on words that nothing holds");
  } catch (const InputError&) {
    RC_DISCARD("counts on words that nothing holds");
  }
  return run;
}

/// Fails with the case written out.
void require_silence(const RandomRun& run, const std::string& complaints) {
  if (complaints.empty()) return;
  RC_FAIL(fmt::format("seed {}: {}\n{}{}", run.seed, complaints, describe(run.tree.architecture), to_yaml(run.random)));
}

/// Comparisons with the estimate are another property's matter.
std::string without_comparisons(const std::string& complaints) {
  std::istringstream lines(complaints);
  std::string rest;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("unexplained ", 0) != 0) rest += line + "\n";
  }
  return rest == "\n" ? "" : rest;
}

RC_GTEST_PROP(RandomMachine, OnTheIdealMachineTheRunIsTheEstimate, ()) {
  const RandomRun run = any_run();
  const ForkedResult result = run_forked([&] { return run_ideal(run.tree); });
  if (result.text.find("the mapping cannot be executed") != std::string::npos) return;
  require_silence(run, result.text);
}

/// Rows, path, bridge, conservation, outputs and bounds of a random run on a rung.
void every_cycle_has_a_cause(Fidelity fidelity) {
  const RandomRun run = any_run();
  const ForkedResult result = run_forked([&] { return run_rung(run.tree, fidelity); });
  // Random retention may count on words that nothing holds; that is refused before anything runs.
  if (result.text.find("the mapping cannot be executed") != std::string::npos) return;
  if (!result.finished) return require_silence(run, result.text);
  const std::string complaints = result.text.front() == '\n' ? "" : result.text.substr(0, result.text.find("\n\n") + 1);
  require_silence(run, without_comparisons(complaints));
}

RC_GTEST_PROP(RandomMachine, WithBandwidthEveryCycleHasACause, ()) {
  every_cycle_has_a_cause(Fidelity::bandwidth);
}

RC_GTEST_PROP(RandomMachine, WithJedecDramEveryCycleHasACause, ()) {
  every_cycle_has_a_cause(Fidelity::dram);
}

RC_GTEST_PROP(RandomMachine, WithANetworkEveryCycleHasACause, ()) {
  every_cycle_has_a_cause(Fidelity::noc);
}

RC_GTEST_PROP(RandomMachine, WithBanksEveryCycleHasACause, ()) {
  const RandomRun run = any_run();
  const ForkedResult result = run_forked([&] { return run_banked(run.tree); });
  if (result.text.find("the mapping cannot be executed") != std::string::npos) return;
  require_silence(run, without_comparisons(result.text));
}

RC_GTEST_PROP(RandomMachine, TwoRunsAreTheSame, ()) {
  if (*rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 4)) > 0) RC_SUCCEED("one in four is enough");
  const RandomRun run = any_run();
  const auto fidelity = *rc::gen::element(Fidelity::bandwidth, Fidelity::dram);
  const auto work = [&] { return run_rung(run.tree, fidelity); };
  require_silence(run, run_forked(work).text == run_forked(work).text ? "" : "two runs differ");
}

}  // namespace
}  // namespace loopsim
