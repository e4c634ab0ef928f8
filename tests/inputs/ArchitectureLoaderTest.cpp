#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arch/BoundlessRate.hpp"
#include "arch/ComponentClass.hpp"
#include "arch/EnergyReferenceTable.hpp"
#include "inputs/ArchitectureLoader.hpp"
#include "inputs/settings/ApplySettings.hpp"
#include "tests/ParseText.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

const char* const mac = "- !Component {name: MACC, class: intmac, attributes: {datawidth: 8, cycle_time: 1e-9}}\n";

Architecture load(const std::string& nodes, Diagnostics& diagnostics,
                  std::optional<std::int64_t> clock = std::nullopt) {
  return load_architecture(*parse_text("version: 0.4\nnodes:\n" + nodes, diagnostics), clock, diagnostics);
}

std::string messages_of(const std::string& nodes) {
  Diagnostics diagnostics;
  load(nodes, diagnostics);
  return messages(diagnostics);
}

/// The memory of an architecture with one, whose attributes are given.
MemoryLevel memory(const std::string& attributes, const std::string& class_name = "SRAM") {
  Diagnostics diagnostics;
  const auto machine =
      load("- !Component {name: M, class: " + class_name + ", attributes: {" + attributes + "}}\n" + mac, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << messages(diagnostics);
  return machine.memories.at(0);
}

TEST(ArchitectureLoader, ReadsTheTutorialsMachine) {
  Diagnostics diagnostics;
  const auto machine = load(
      "- !Component {name: MainMemory, class: DRAM, attributes: {width: 256, block_size: 32, word_bits: 8, datawidth: "
      "8}, "
      "required_actions: [read, write]}\n"
      "- !Component {name: GlobalBuffer, class: SRAM, attributes: {depth: 8192, width: 256, block_size: 32, datawidth: "
      "8, "
      "n_rdwr_ports: 2}}\n" +
          std::string(mac),
      diagnostics);
  ASSERT_FALSE(diagnostics.has_errors()) << messages(diagnostics);
  EXPECT_FALSE(machine.built_in_ideal);
  EXPECT_EQ(machine.default_fidelity, Fidelity::bandwidth);
  ASSERT_EQ(machine.memories.size(), 2U);
  EXPECT_EQ(machine.memories[0].kind, MemoryKind::dram);
  EXPECT_EQ(machine.memories[0].size_bits, std::nullopt);
  EXPECT_EQ(machine.memories[0].bandwidth.shared, 256'000'000'000);
  EXPECT_EQ(machine.memories[1].kind, MemoryKind::sram);
  EXPECT_EQ(machine.memories[1].size_bits, 8192 * 256);
  EXPECT_EQ(machine.memories[1].bandwidth.shared, 512'000'000'000);
  EXPECT_EQ(machine.compute.name, "MACC");
  EXPECT_EQ(machine.clock_hz, 1'000'000'000);
  EXPECT_EQ(level_name(machine, LevelId(2)), "MACC");
}

TEST(ArchitectureLoader, Sizes) {
  EXPECT_EQ(memory("depth: 16, datawidth: 8").size_bits, 128);
  EXPECT_EQ(memory("depth: 16, datawidth: 8, block_size: 4").size_bits, 512);
  EXPECT_EQ(memory("entries: 16, datawidth: 8, width: 64").size_bits, 128);
  EXPECT_EQ(memory("sizeKB: 2, datawidth: 8").size_bits, 16384);
  EXPECT_EQ(memory("size: 100, datawidth: 8").size_bits, 100);
  EXPECT_EQ(memory("depth: inf, datawidth: 8").size_bits, std::nullopt);
  EXPECT_EQ(memory("width: 64, block_size: 4").datawidth_bits, 16);
}

TEST(ArchitectureLoader, Bandwidths) {
  const auto ports = memory("datawidth: 8, width: 32, n_rd_ports: 2, n_wr_ports: 1").bandwidth;
  EXPECT_EQ(ports.read, 64'000'000'000);
  EXPECT_EQ(ports.write, 32'000'000'000);
  EXPECT_EQ(ports.shared, std::nullopt);
  // Explicit ones are words a cycle and win over ports.
  const auto explicit_ones =
      memory("datawidth: 16, width: 32, n_rd_ports: 2, read_bandwidth: 0.5, write_bandwidth: 4").bandwidth;
  EXPECT_EQ(explicit_ones.read, 8'000'000'000);
  EXPECT_EQ(explicit_ones.write, 64'000'000'000);
  EXPECT_EQ(memory("datawidth: 8, read_bandwidth: 1").bandwidth.write, boundless_bits_per_second);
  EXPECT_TRUE(memory("datawidth: 8, shared_bandwidth: inf").bandwidth.unlimited());
  EXPECT_TRUE(memory("datawidth: 8").bandwidth.unlimited());
  EXPECT_EQ(memory("datawidth: 8, block_size: 4").bandwidth.shared, 32'000'000'000);
  EXPECT_EQ(memory("datawidth: 8, n_rdwr_ports: 2").bandwidth.shared, 16'000'000'000);
}

TEST(ArchitectureLoader, ClockOfTheSettingsWins) {
  Diagnostics diagnostics;
  const auto machine =
      load("- !Component {name: M, class: SRAM, attributes: {datawidth: 8, width: 8}}\n" + std::string(mac),
           diagnostics, 500'000'000);
  EXPECT_EQ(machine.clock_hz, 500'000'000);
  EXPECT_EQ(machine.memories[0].bandwidth.shared, 4'000'000'000);
}

TEST(ArchitectureLoader, ContainersGiveMeshAndAttributes) {
  Diagnostics diagnostics;
  const auto machine = load(
      "- !Container {name: system, attributes: {datawidth: 16}}\n"
      "- !Component {name: M, class: DRAM}\n"
      "- !Container {name: columns, spatial: {meshX: 14}}\n"
      "- !Hierarchical\n  nodes:\n  - !Container {name: rows, spatial: {meshY: 12}}\n"
      "  - !Component {name: RF, class: storage, subclass: smartbuffer_RF, attributes: {depth: 4, width: 16}}\n"
      "- !Component {name: MAC, class: mac}\n",
      diagnostics);
  ASSERT_FALSE(diagnostics.has_errors()) << messages(diagnostics);
  EXPECT_EQ(machine.mesh.columns, 14);
  EXPECT_EQ(machine.mesh.rows, 12);
  EXPECT_EQ(machine.memories[0].datawidth_bits, 16);
  EXPECT_EQ(machine.memories[1].kind, MemoryKind::register_file);
  EXPECT_EQ(machine.compute.datawidth_bits, 16);
}

TEST(ArchitectureLoader, SaysWhatHasNoEffect) {
  const std::string text = messages_of(
      "- !Component {name: M, class: SRAM, attributes: {datawidth: 8, technology: 45nm, n_banks: 4}, constraints: "
      "{}}\n" +
      std::string(mac));
  EXPECT_THAT(text, HasSubstr("test.yaml:3:64: no effect here: constraints, n_banks, technology"));
}

TEST(ArchitectureLoader, RefusesWhatIsWrong) {
  const auto with = [](const std::string& attributes) {
    return messages_of("- !Component {name: M, class: SRAM, attributes: {" + attributes + "}}\n" + mac);
  };
  EXPECT_THAT(with("datawidht: 8"), HasSubstr("unknown attribute 'datawidht'; did you mean 'datawidth'?"));
  EXPECT_THAT(with("datawidth: 8, depth: 2x56"),
              HasSubstr("depth: expected a positive integer (accesses of the width), got '2x56'"));
  EXPECT_THAT(with("datawidth: 8, depth: -1"),
              HasSubstr("expected a positive integer (accesses of the width), got '-1'"));
  EXPECT_THAT(with("datawidth: 8, depth: 1, sizeKB: 2"), HasSubstr("has both 'depth' and 'sizeKB'"));
  EXPECT_THAT(with("datawidth: 8, depth: 9223372036854775807"), HasSubstr("exceeds 2^63 - 1"));
  EXPECT_THAT(with("datawidth: 8, bandwidth: 3"), HasSubstr("ambiguous"));
  EXPECT_THAT(with("datawidth: 8, read_bandwidth: 0"), HasSubstr("expected a positive number"));
  EXPECT_THAT(with("datawidth: 8, width: 4"), HasSubstr("less than one word"));
  EXPECT_THAT(with("datawidth: 8, width: 8, n_rd_ports: 1"), HasSubstr("no port to write"));
  EXPECT_THAT(with("depth: 4"), HasSubstr("8 bits are assumed"));
  EXPECT_THAT(messages_of(mac), HasSubstr("the architecture has no memory"));
  EXPECT_THAT(messages_of("- !Component {name: M, class: SRAM, attributes: {datawidth: 8}}\n"),
              HasSubstr("must compute"));
  EXPECT_THAT(messages_of(std::string(mac) + "- !Component {name: M, class: SRAM, attributes: {datawidth: 8}}\n"),
              HasSubstr("'MACC' computes but is not the last"));
  EXPECT_THAT(messages_of("- !Component {name: M, class: toaster}\n" + std::string(mac)), HasSubstr("class 'toaster'"));
  EXPECT_THAT(messages_of("- !Componnent {name: M, class: SRAM}\n" + std::string(mac)),
              HasSubstr("did you mean '!Component'?"));
  EXPECT_THAT(messages_of(std::string(mac) + mac), HasSubstr("there are two components 'MACC'"));
}

TEST(ComponentClass, KnowsTheNamesInUse) {
  for (const char* name : {"DRAM", "HBM2_DRAM", "dram"})
    EXPECT_EQ(classify_component(name), ComponentClass::dram) << name;
  for (const char* name : {"SRAM", "smartbuffer_SRAM", "storage", "smart_storage"}) {
    EXPECT_EQ(classify_component(name), ComponentClass::sram) << name;
  }
  for (const char* name : {"regfile", "reg", "smartbuffer_RF", "aladdin_register"}) {
    EXPECT_EQ(classify_component(name), ComponentClass::register_file) << name;
  }
  for (const char* name : {"intmac", "fpmac", "mac", "compute", "aladdin_adder"}) {
    EXPECT_EQ(classify_component(name), ComponentClass::compute) << name;
  }
  EXPECT_EQ(classify_component("XY_NoC"), ComponentClass::other);
  EXPECT_EQ(classify_component("toaster"), ComponentClass::unknown);
}

TEST(EnergyReferenceTable, FillsComponents) {
  Diagnostics diagnostics;
  Architecture machine = ideal_architecture(3);
  apply_energy_reference_table(
      machine,
      *parse_text(
          "version: '0.4'\ntables:\n"
          "- {name: 'system_top_level.MainMemory[1..1]', actions: [{name: read, arguments: {x: 1}, energy: 512.0}, "
          "{name: read, energy: 600}, {name: write, energy: 500}, {name: leak, energy: 2}]}\n"
          "- {name: system.PE.MACs, actions: [{name: compute, energy: 0.8}, {name: add, energy: 0.1}]}\n"
          "- {name: Wire, actions: [{name: transfer, energy: 1}]}\n",
          diagnostics),
      diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << messages(diagnostics);
  EXPECT_DOUBLE_EQ(machine.memories[0].energy.read_pj, 600);
  EXPECT_DOUBLE_EQ(machine.memories[0].energy.write_pj, 500);
  EXPECT_DOUBLE_EQ(machine.memories[0].energy.leakage_uw, 2000);
  EXPECT_EQ(machine.memories[0].energy.source, "ERT");
  EXPECT_TRUE(machine.memories[1].energy.source.empty());
  EXPECT_DOUBLE_EQ(machine.compute.operation_pj.at("mac"), 0.8);
  EXPECT_DOUBLE_EQ(machine.compute.operation_pj.at("add"), 0.1);
  EXPECT_THAT(messages(diagnostics), HasSubstr("no component 'Wire'"));
}

TEST(EnergyReferenceTable, RefusesWhatIsWrong) {
  const auto errors_of = [](const std::string& tables) {
    Diagnostics diagnostics;
    Architecture machine = ideal_architecture(3);
    apply_energy_reference_table(machine, *parse_text("tables: " + tables, diagnostics), diagnostics);
    return messages(diagnostics);
  };
  EXPECT_THAT(errors_of("[{name: MainMemory, actions: [{name: read, energy: 1}]}]"), HasSubstr("lacks action 'write'"));
  EXPECT_THAT(errors_of("[{name: MainMemory, actions: [{name: read, energy: -1}]}]"),
              HasSubstr("from 0 to 1e+15 (pJ)"));
  EXPECT_THAT(errors_of("[{name: MACs, actions: []}, {name: x.MACs, actions: []}]"), HasSubstr("has two tables"));
  EXPECT_THAT(errors_of("3"), HasSubstr("expected a list"));
}

}  // namespace
}  // namespace loopsim
