// A result depends on the inputs alone: not on the order in which modules are built, nor on the order in which the
// kernel runs the processes of one instant.
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <systemc>

#include "inputs/Inputs.hpp"
#include "report/JsonText.hpp"
#include "report/StatsDocument.hpp"
#include "runs/ForkedTasks.hpp"
#include "runs/RunCase.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

/// A process beside the machine, without effect on it. The kernel keeps timed events in a heap, and other events in it
/// change the order in which those of one instant come out.
class Bystander : public sc_core::sc_module {
 public:
  Bystander(const sc_core::sc_module_name& name, std::uint32_t seed) : sc_module(name), random_(seed) {
    SC_HAS_PROCESS(Bystander);
    SC_METHOD(run);
    sensitive << wake_;
  }

 private:
  void run() {
    if (++runs_ > 3'000) return;
    // Mostly at a core cycle, where the machine's own events are.
    const std::uint32_t cycles = 1 + random_() % 50;
    wake_.notify(sc_core::sc_time::from_value(cycles * 1'000ULL - (random_() % 4 == 0 ? 1 : 0)));
  }

  std::mt19937 random_;
  int runs_ = 0;
  sc_core::sc_event wake_{"wake"};
};

struct Case {
  std::string name;
  std::vector<std::string> files;
  std::vector<std::string> overrides;
};

std::string source(const std::string& path) {
  return (source_folder() / path).string();
}

std::vector<Case> cases() {
  const std::string edge = source("tests/presets_small/edge.yaml");
  const std::string folder = "docs/examples/looptree/";
  return {
      {"sequential", {source("tests/presets_small/mobilenetv2_block/fused.yaml"), edge}, {}},
      {"layers", {source("tests/presets_small/attention_flash/layers.yaml"), edge}, {}},
      {"pipeline",
       {source(folder + "problem.yaml"), source(folder + "mapping.yaml"), source(folder + "architecture.yaml")},
       {"simulation.levels.GlobalBuffer.banks=4"}},
  };
}

std::string stats_of(const Case& one, Fidelity fidelity, std::uint32_t seed) {
  const Inputs inputs = load_inputs(one.files, one.overrides);
  Diagnostics diagnostics;
  const BoundTree tree = bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
  std::vector<std::unique_ptr<Bystander>> bystanders;
  for (std::uint32_t i = 0; seed != 0 && i < 7; ++i) {
    bystanders.push_back(std::make_unique<Bystander>(("bystander_" + std::to_string(i)).c_str(), 7 * seed + i));
  }
  SimulationOptions options;
  options.fidelity = fidelity;
  options.build_seed = seed;
  return json_text(stats_document(tree, run_case(tree, options), Provenance()));
}

class BuildOrder : public ::testing::TestWithParam<Case> {};

TEST_P(BuildOrder, ChangesNoByte) {
  constexpr std::uint32_t orders = 8;
  for (const Fidelity fidelity : {Fidelity::ideal, Fidelity::bandwidth, Fidelity::dram, Fidelity::glb, Fidelity::noc}) {
    std::vector<ForkedTask> tasks;
    for (std::uint32_t seed = 0; seed <= orders; ++seed) {
      tasks.emplace_back([&, seed] { return stats_of(GetParam(), fidelity, seed); });
    }
    const std::vector<ForkedOutcome> outcomes = run_forked_tasks(tasks, 2);
    for (std::uint32_t seed = 0; seed <= orders; ++seed) {
      ASSERT_TRUE(outcomes[seed].finished) << outcomes[seed].text;
      EXPECT_GT(outcomes[seed].text.size(), 1'000U);
      EXPECT_EQ(outcomes[seed].text, outcomes[0].text) << "rung " << static_cast<int>(fidelity) << ", order " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, BuildOrder, ::testing::ValuesIn(cases()),
                         [](const auto& tried) { return tried.param.name; });

}  // namespace
}  // namespace loopsim
