#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <yaml-cpp/yaml.h>

#include "base/Sha256.hpp"
#include "inputs/Inputs.hpp"
#include "inputs/ResolvedYaml.hpp"
#include "inputs/settings/SimulationKeys.hpp"
#include "tests/ParseText.hpp"
#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "workloads/Presets.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

const char* const problem = R"(problem:
- shape:
    name: E
    dimensions: [P, Q]
    data_spaces:
    - {name: A, dimensions: [A_P], projection: '[ P + Q ]'}
    - {name: B, dimensions: [B_P], projection: '[ P ]', read_write: True}
  instance: 0 <= P < 8 and 0 <= Q < 3
)";
const char* const mapping = R"(mapping:
  type: fused
  nodes:
  - {type: storage, target: 0, dspace: [A, B]}
  - {type: storage, target: 1, dspace: [A, B]}
  - {type: temporal, rank: P, tile_shape: 1}
  - {type: compute, einsum: E, target: 2}
)";
const char* const architecture = R"(architecture:
  version: 0.4
  nodes:
  - !Component {name: Dram, class: DRAM, attributes: {datawidth: 8, width: 64}}
  - !Container {name: chip, attributes: {}}
  - !Component {name: Buffer, class: SRAM, attributes: {datawidth: 8, depth: 1024}}
  - !Component {name: MAC, class: intmac, attributes: {datawidth: 8}}
)";

class InputsTest : public ::testing::Test {
 protected:
  Inputs load(const std::vector<std::string>& texts, const std::vector<std::string>& overrides = {}) {
    std::vector<std::string> files;
    for (const std::string& text : texts)
      files.push_back(folder_.write("f" + std::to_string(files.size()) + ".yaml", text));
    return load_inputs(files, overrides);
  }

  std::string errors_of(const std::vector<std::string>& texts, const std::vector<std::string>& overrides = {}) {
    try {
      load(texts, overrides);
    } catch (const InputError& error) {
      return messages(error.diagnostics);
    }
    return "";
  }

  TemporaryFolder folder_;
};

TEST_F(InputsTest, IdealMachineFollowsFromTheMapping) {
  const Inputs inputs = load({problem, mapping});
  EXPECT_TRUE(inputs.architecture.built_in_ideal);
  EXPECT_EQ(inputs.architecture.memories.size(), 2U);
  EXPECT_EQ(inputs.architecture.memories[1].name, "GlobalBuffer");
  EXPECT_EQ(inputs.architecture.compute.name, "MACs");
  EXPECT_EQ(inputs.architecture.default_fidelity, Fidelity::ideal);
  EXPECT_EQ(inputs.architecture.prefetch, 0);
  EXPECT_FALSE(inputs.architecture.memories[0].energy.source.empty());
  ASSERT_EQ(inputs.files.size(), 2U);
  EXPECT_EQ(inputs.files[0].sha256, sha256(problem));
  EXPECT_EQ(load({problem, mapping, "simulation: {levels: {PEBuffer: {size: 8}}}"},
                 {"mapping.nodes.1.target=PEBuffer", "mapping.nodes.3.target=MACs"})
                .architecture.memories.size(),
            3U);
}

TEST_F(InputsTest, FilesMergeInAnyOrder) {
  const Inputs inputs =
      load({mapping, "simulation: {prefetch: 2}\nbindings: {0: Dram}", architecture,
            "simulation: {clock: 500000000}\nbindings: {1: Buffer}\nmeta: {a: 1}", problem, "meta: 3"});
  EXPECT_FALSE(inputs.architecture.built_in_ideal);
  EXPECT_EQ(inputs.architecture.prefetch, 2);
  EXPECT_EQ(inputs.architecture.clock_hz, 500000000);
  EXPECT_EQ(inputs.architecture.memories[0].bandwidth.shared, 32000000000);
  EXPECT_EQ(inputs.bindings, (std::map<int, std::string>{{0, "Dram"}, {1, "Buffer"}}));
}

TEST_F(InputsTest, DuplicatesNameBothFiles) {
  const std::string twice = errors_of({problem, mapping, problem});
  EXPECT_THAT(twice, HasSubstr("f2.yaml:1:1: 'problem' is given by two inputs; also at"));
  EXPECT_THAT(twice, HasSubstr("f0.yaml:1:1"));
  const std::string leaf =
      errors_of({problem, mapping, "simulation: {pe: {mesh: [1, 1]}}", "simulation: {pe: {mesh: [2, 2]}}"});
  EXPECT_THAT(leaf, HasSubstr("f3.yaml:1:19: 'simulation.pe.mesh' is given twice; also at"));
  EXPECT_THAT(leaf, HasSubstr("f2.yaml:1:19"));
}

TEST_F(InputsTest, TwoMachinesAreOneError) {
  const std::string settings = "simulation: {pe: {mesh: [1, 1]}, prefetch: 2}\n";
  const std::string other = "simulation: {pe: {mesh: [2, 2]}, prefetch: 1}\n";
  const std::string errors = errors_of({problem, mapping, settings + architecture, other + architecture});
  EXPECT_THAT(errors, HasSubstr("'architecture' is given by two inputs; also at"));
  EXPECT_EQ(errors.find("given"), errors.rfind("given")) << errors;
}

TEST_F(InputsTest, BindingsNameLevels) {
  const Inputs inputs =
      load({problem, mapping, "bindings: {0: Off, 1: On, 2: MACC}\nsimulation: {levels: {On: {size: 64}}}"});
  EXPECT_EQ(inputs.architecture.memories[0].name, "Off");
  EXPECT_EQ(inputs.architecture.memories[1].size_bits, 64);
  EXPECT_EQ(inputs.architecture.compute.name, "MACC");
  EXPECT_THAT(errors_of({problem, mapping, architecture, "bindings: {0: Dramm}"}),
              HasSubstr("the architecture has no component 'Dramm'; did you mean 'Dram'?"));
  EXPECT_THAT(errors_of({problem, mapping, "bindings: {zero: Dram}"}), HasSubstr("expected a level number"));
  EXPECT_THAT(errors_of({problem, mapping, "bindings: {0: X, 1: X}"}), HasSubstr("two levels have the name 'X'"));
  EXPECT_THAT(errors_of({problem, mapping, "bindings: 3"}), HasSubstr("bindings: expected a map"));
}

TEST_F(InputsTest, SettingsReachTensorsAndEinsums) {
  const Inputs inputs = load(
      {problem, mapping,
       "simulation: {tensors: {A: {shape: [9], bits: 16}}, einsums: {E: {operation: max, steps: 2, energy: 1.5}}}"});
  EXPECT_EQ(inputs.graph.tensors[TensorId(0)].shape, (std::vector<Coordinate>{9}));
  EXPECT_EQ(inputs.graph.tensors[TensorId(0)].bits, 16);
  const Einsum& einsum = inputs.graph.einsums[EinsumId(0)];
  EXPECT_EQ(einsum.operation, Operation::max);
  EXPECT_EQ(einsum.steps_per_operation, 2);
  EXPECT_EQ(einsum.energy_pj, 1.5);
  const auto with = [&](const std::string& settings) {
    return errors_of({problem, mapping, "simulation: " + settings});
  };
  EXPECT_THAT(with("{tensors: {AA: {bits: 8}}}"), HasSubstr("unknown tensor 'AA'"));
  EXPECT_THAT(with("{tensors: {A: {shape: [1, 2]}}}"), HasSubstr("tensor 'A' has 1 dimensions (A_P), its shape 2"));
  EXPECT_THAT(with("{einsums: {F: {steps: 1}}}"), HasSubstr("unknown einsum 'F'"));
  EXPECT_THAT(with("{einsums: {E: {operation: relu}}}"), HasSubstr("only mac and max reduce"));
  EXPECT_THAT(with("{einsums: {E: {operation: div}}}"), HasSubstr("takes 2 operands"));
  EXPECT_THAT(with("{pe: {partition: {E+F: 1}}}"), HasSubstr("stage 'E+F': unknown einsum 'F'"));
}

TEST_F(InputsTest, OverridesSetAnyValue) {
  const auto size = [&](const std::string& assignment) {
    return load({problem, mapping, architecture}, {assignment}).architecture.memories[1].size_bits;
  };
  EXPECT_EQ(size("architecture.nodes.Buffer.attributes.depth=2*8"), 128);
  EXPECT_EQ(size("architecture.nodes.2.attributes.depth=4"), 32);
  EXPECT_EQ(size("simulation.levels.Buffer.size=100"), 100);
  EXPECT_EQ(load({problem, mapping}, {"problem.E.instance={P: 4, Q: 5}"}).graph.ranks[RankId(1)].high, 5);
  const auto errors = [&](const std::string& assignment) {
    return errors_of({problem, mapping, architecture}, {assignment});
  };
  EXPECT_THAT(errors("architecture.nodes.Bufer.attributes.depth=4"),
              HasSubstr("--set architecture.nodes.Bufer.attributes.depth=4: 'architecture.nodes' has nothing named "
                        "'Bufer'; did you mean 'Buffer'?"));
  EXPECT_THAT(errors("simulation.prefetch=x"), HasSubstr("--set simulation.prefetch=x: prefetch: expected an integer"));
  EXPECT_THAT(errors("simulation.prefetch"), HasSubstr("expected PATH=VALUE"));
  EXPECT_THAT(errors("simulation.prefetch="), HasSubstr("no value after '='"));
  EXPECT_THAT(errors("simulation..x=1"), HasSubstr("a part of the path is empty"));
  EXPECT_THAT(errors("mapping.type.x=1"), HasSubstr("'mapping.type' is 'fused'"));
  EXPECT_THAT(errors("nonsense=1"), HasSubstr("unknown key 'nonsense' at the top"));
}

TEST_F(InputsTest, CyclesThatOutlastTheSimulatedTimeAreRefusedAtTheirPlace) {
  const auto errors = [&](const std::vector<std::string>& assignments) {
    return errors_of({problem, mapping, architecture}, assignments);
  };
  EXPECT_THAT(
      errors({"simulation.clock=1", "simulation.levels.Buffer.latency=10000000"}),
      HasSubstr("--set simulation.levels.Buffer.latency=10000000: latency: 10000000 cycles of 1000000000000 ps "
                "exceed the simulated time, 2^63 - 1 ps (106 days); expected at most 9223372 at a clock of 1 Hz"));
  EXPECT_THAT(errors({"simulation.clock=1", "simulation.einsums.E.steps=9223373"}), HasSubstr("steps: 9223373 cycles"));
  EXPECT_EQ(errors({"simulation.clock=1", "simulation.einsums.E.steps=9223372"}), "");
  EXPECT_EQ(errors({"simulation.clock=1e12", "simulation.levels.Buffer.latency=1e12"}), "");
  EXPECT_EQ(load({problem, mapping, architecture}, {"simulation.clock=1GHz"}).architecture.clock_hz, 1'000'000'000);
}

TEST_F(InputsTest, EnergiesComeFromTheTableOrTheDefaults) {
  const Inputs inputs = load({problem, mapping, architecture,
                              "ERT: {version: 0.4, tables: [{name: 'top.Buffer[1..1]', actions: [{name: read, energy: "
                              "3}, {name: write, energy: 4}]}]}"});
  EXPECT_DOUBLE_EQ(inputs.architecture.memories[1].energy.read_pj, 3);
  EXPECT_EQ(inputs.architecture.memories[1].energy.source, "ERT");
  EXPECT_NE(inputs.architecture.memories[0].energy.source, "ERT");
  EXPECT_GT(inputs.architecture.memories[0].energy.read_pj, 0);
  EXPECT_GT(inputs.architecture.compute.operation_pj.at("mac"), 0);
}

TEST_F(InputsTest, NamesForeignDialects) {
  EXPECT_THAT(errors_of({"problem: {version: 0.4, shape: {dimensions: [C]}, instance: {C: 3}}"}),
              HasSubstr("single-layer dialect"));
  EXPECT_THAT(errors_of({"mapping: [{target: glb, type: temporal, factors: [P=14]}]"}),
              HasSubstr("single-layer dialect"));
  EXPECT_THAT(errors_of({"workload: {einsums: []}"}), HasSubstr("AccelForge"));
  EXPECT_THAT(errors_of({"mapping: {nodes: [!Storage {tensors: [A]}]}"}), HasSubstr("AccelForge"));
  EXPECT_THAT(errors_of({"architecture: {version: 0.3, subtree: []}\n" + std::string(problem) + mapping}),
              HasSubstr("Timeloop v3"));
}

TEST_F(InputsTest, KnowsTheTopLevel) {
  EXPECT_THAT(errors_of({mapping}), HasSubstr("no input gives a workload (top-level key 'problem')"));
  EXPECT_THAT(errors_of({problem}), HasSubstr("no input gives a mapping"));
  EXPECT_THAT(errors_of({problem, mapping, "simulatoin: {}"}), HasSubstr("did you mean 'simulation'?"));
  EXPECT_THAT(errors_of({problem, mapping, "[1, 2]"}), HasSubstr("expected a map with keys"));
  const Inputs inputs = load({problem, mapping, "compound_components: {}\n.defaults: {}\nx-more: 1\n"});
  ASSERT_EQ(inputs.warnings.size(), 1U);
  EXPECT_EQ(inputs.warnings[0].message, "'compound_components' has no effect here");
}

TEST_F(InputsTest, MissingFilesAreTheirOwnError) {
  EXPECT_THROW(load_inputs({"/nowhere/x.yaml"}), MissingInputError);
  EXPECT_THROW(load_inputs({"preset:nonsense"}), MissingInputError);
  try {
    load_inputs({folder_.path().string()});
    FAIL();
  } catch (const MissingInputError&) {
    FAIL() << "a folder is there";
  } catch (const InputError& error) {
    EXPECT_THAT(messages(error.diagnostics), HasSubstr("is a directory"));
  }
}

TEST_F(InputsTest, AllFilesAreReportedAtOnce) {
  const std::string text = errors_of({"a: [1", "b: 'x", problem});
  EXPECT_THAT(text, HasSubstr("f0.yaml"));
  EXPECT_THAT(text, HasSubstr("f1.yaml"));
}

TEST_F(InputsTest, ResolvedInputsLoadAgain) {
  std::vector<std::vector<std::string>> cases;
  for (const Preset& workload : presets()) {
    for (const Preset& machine : presets()) {
      if (workload.kind == "workload" && machine.kind == "machine") {
        cases.push_back({"preset:" + std::string(workload.name), "preset:" + std::string(machine.name)});
      }
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() / "tests/presets_small")) {
    if (!entry.is_directory()) continue;
    cases.push_back(
        {(entry.path() / "fused.yaml").string(), (source_folder() / "tests/presets_small/edge.yaml").string()});
  }
  ASSERT_GT(cases.size(), 10U);
  for (const auto& files : cases) {
    const std::string once = resolved_yaml(load_inputs(files));
    EXPECT_EQ(resolved_yaml(load({once})), once) << files[0] << " " << files[1];
  }
}

TEST_F(InputsTest, ResolvedInputsKeepWhatIsRare) {
  const std::string rare =
      "simulation: {clock: 700000000, prefetch: 4, pe: {mesh: [3, inf], partition: {E: 2}}, tensors: {A: {shape: [9], "
      "bits: 4}}, "
      "einsums: {E: {operation: max, steps: 3, energy: 0.1}}, levels: {Buffer: {read_bandwidth: 100, refetch: true, "
      "transfer_overhead: 2}}}\n"
      "bindings: {0: Dram}\n"
      "ERT: {tables: [{name: Buffer, actions: [{name: read, energy: 0.1}, {name: write, energy: 0.3}, {name: leak, "
      "energy: 0.7}]}]}\n";
  const Inputs inputs = load({problem, mapping, architecture, rare}, {"problem.E.instance=-2 <= P < 8 and 0 <= Q < 3"});
  const std::string once = resolved_yaml(inputs);
  const Inputs again = load({once});
  EXPECT_EQ(resolved_yaml(again), once);
  EXPECT_EQ(again.graph.ranks[RankId(0)].low, -2);
  EXPECT_EQ(again.architecture.memories[1].bandwidth.read, 100);
  EXPECT_TRUE(again.architecture.memories[1].refetch);
  EXPECT_NEAR(again.architecture.memories[1].energy.leakage_uw, inputs.architecture.memories[1].energy.leakage_uw,
              1e-9);
  EXPECT_EQ(again.architecture.mesh.partition.at("E"), 2);
  EXPECT_EQ(again.bindings, inputs.bindings);
}

/// Path of a key for the inputs above, and a value that is not its default.
const std::map<std::string, std::pair<std::string, std::string>> changed_settings{
    {"version", {"version", "1"}},
    {"clock", {"clock", "700000000"}},
    {"fidelity", {"fidelity", "glb"}},
    {"prefetch", {"prefetch", "4"}},
    {"pe.mesh", {"pe.mesh", "[5, 7]"}},
    {"pe.partition.STAGE", {"pe.partition.E", "2"}},
    {"pe.operation_overhead", {"pe.operation_overhead", "3"}},
    {"pe.operation_latency", {"pe.operation_latency", "3"}},
    {"pe.adder_latency", {"pe.adder_latency", "3"}},
    {"pe.hold_results", {"pe.hold_results", "true"}},
    {"levels.NAME.size", {"levels.Buffer.size", "4096"}},
    {"levels.NAME.datawidth", {"levels.Buffer.datawidth", "4"}},
    {"levels.NAME.width", {"levels.Buffer.width", "48"}},
    {"levels.NAME.bandwidth", {"levels.Dram.bandwidth", "100"}},
    {"levels.NAME.read_bandwidth", {"levels.Buffer.read_bandwidth", "100"}},
    {"levels.NAME.write_bandwidth", {"levels.Buffer.write_bandwidth", "200"}},
    {"levels.NAME.latency", {"levels.Buffer.latency", "3"}},
    {"levels.NAME.transfer_overhead", {"levels.Buffer.transfer_overhead", "3"}},
    {"levels.NAME.refetch", {"levels.Buffer.refetch", "true"}},
    {"levels.NAME.early_write_back", {"levels.Buffer.early_write_back", "true"}},
    {"levels.NAME.copy_bandwidth", {"levels.Buffer.copy_bandwidth", "300"}},
    {"levels.NAME.banks", {"levels.Buffer.banks", "3"}},
    {"levels.NAME.line_bits", {"levels.Buffer.line_bits", "96"}},
    {"levels.NAME.bank_ports", {"levels.Buffer.bank_ports", "dual"}},
    {"dram.burst", {"dram.burst", "256"}},
    {"dram.separate_channels", {"dram.separate_channels", "true"}},
    {"dram.part", {"dram.part", "lpddr5-6400"}},
    {"dram.mapping", {"dram.mapping", "row:column:bank:bankgroup"}},
    {"dram.channels", {"dram.channels", "2"}},
    {"dram.ranks", {"dram.ranks", "2"}},
    {"dram.queue", {"dram.queue", "5"}},
    {"dram.scheduler", {"dram.scheduler", "fcfs"}},
    {"dram.page", {"dram.page", "closed"}},
    {"dram.refresh", {"dram.refresh", "bank"}},
    {"noc.bandwidth", {"noc.bandwidth", "400"}},
    {"noc.latency", {"noc.latency", "3"}},
    {"noc.topology", {"noc.topology", "bus"}},
    {"noc.flit", {"noc.flit", "16"}},
    {"noc.networks", {"noc.networks", "2"}},
    {"noc.buffer_ports", {"noc.buffer_ports", "2"}},
    {"noc.side_ports", {"noc.side_ports", "2"}},
    {"noc.dram_ports", {"noc.dram_ports", "2"}},
    {"noc.virtual_channels", {"noc.virtual_channels", "5"}},
    {"noc.buffer", {"noc.buffer", "5"}},
    {"noc.routing_delay", {"noc.routing_delay", "5"}},
    {"noc.vc_allocation_delay", {"noc.vc_allocation_delay", "5"}},
    {"noc.switch_allocation_delay", {"noc.switch_allocation_delay", "5"}},
    {"noc.switch_traversal_delay", {"noc.switch_traversal_delay", "5"}},
    {"models", {"models", "[looptree]"}},
    {"noc.link_delay", {"noc.link_delay", "5"}},
    {"noc.credit_delay", {"noc.credit_delay", "5"}},
    {"noc.hop_energy", {"noc.hop_energy", "0.25"}},
    {"tensors.NAME.shape", {"tensors.A.shape", "[9]"}},
    {"tensors.NAME.bits", {"tensors.A.bits", "5"}},
    {"tensors.NAME.fill_after_copies", {"tensors.A.fill_after_copies", "true"}},
    {"tensors.NAME.layout", {"tensors.B.layout", "P_P:4"}},
    {"tensors.NAME.first_bank", {"tensors.A.first_bank", "2"}},
    {"einsums.NAME.operation", {"einsums.E.operation", "max"}},
    {"einsums.NAME.steps", {"einsums.E.steps", "3"}},
    {"einsums.NAME.energy", {"einsums.E.energy", "0.25"}},
};

TEST_F(InputsTest, ResolvedInputsHaveEverySetting) {
  std::vector<std::string> overrides;
  for (const SimulationKey& key : simulation_keys()) {
    const auto setting = changed_settings.find(std::string(key.path));
    ASSERT_NE(setting, changed_settings.end()) << key.path;
    overrides.push_back("simulation." + setting->second.first + "=" + setting->second.second);
  }
  const std::string once = resolved_yaml(load({problem, mapping, architecture}, overrides));
  EXPECT_EQ(resolved_yaml(load({once})), once);
  const YAML::Node resolved = YAML::Load(once);
  for (const auto& [key, setting] : changed_settings) {
    YAML::Node node = YAML::Clone(resolved["simulation"]);
    std::istringstream path(setting.first);
    for (std::string part; std::getline(path, part, '.') && node;) node.reset(YAML::Node(node[part]));
    ASSERT_TRUE(node) << key << '\n' << once;
    YAML::Emitter text;
    text << YAML::Flow << node;
    EXPECT_EQ(std::string(text.c_str()), setting.second) << key;
  }
}

}  // namespace
}  // namespace loopsim
