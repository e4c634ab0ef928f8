#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "arch/BoundlessRate.hpp"
#include "inputs/settings/ApplySettings.hpp"
#include "inputs/settings/SimulationKeys.hpp"
#include "inputs/settings/SimulationReader.hpp"
#include "tests/ParseText.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

std::vector<SimulationSetting> read(const std::string& text, Diagnostics& diagnostics) {
  return read_simulation(*parse_text(text, diagnostics), diagnostics);
}

std::string errors_of(const std::string& text) {
  Diagnostics diagnostics;
  read(text, diagnostics);
  return messages(diagnostics);
}

TEST(SimulationKeys, TableIsComplete) {
  std::set<std::string_view> paths;
  for (const SimulationKey& key : simulation_keys()) {
    EXPECT_TRUE(paths.insert(key.path).second) << key.path;
    EXPECT_FALSE(key.meaning.empty()) << key.path;
    EXPECT_FALSE(key.default_text.empty()) << key.path;
    EXPECT_FALSE(type_text(key).empty()) << key.path;
    EXPECT_EQ(key.words.empty(), key.type != SimulationValueType::word) << key.path;
    EXPECT_NE(key.apply, nullptr) << key.path;
    EXPECT_NE(key.written, nullptr) << key.path;
    EXPECT_LE(key.least, key.most) << key.path;
  }
}

TEST(SimulationKeys, ReadsValuesOfEveryType) {
  Diagnostics diagnostics;
  const auto settings = read(
      "clock: 1e9\nfidelity: ideal\npe: {mesh: [16, inf], partition: {Conv1+Conv2: 8}}\n"
      "levels: {GLB: {size: 8*1024, bandwidth: inf, refetch: yes}}\n"
      "tensors: {A: {shape: [3, 4], bits: 16}}\neinsums: {E: {energy: 0.25, operation: max}}\n",
      diagnostics);
  ASSERT_FALSE(diagnostics.has_errors()) << messages(diagnostics);
  ASSERT_EQ(settings.size(), 11U);
  const auto find = [&](std::string_view path) -> const SimulationSetting& {
    for (const SimulationSetting& setting : settings) {
      if (setting.is(path)) return setting;
    }
    throw std::logic_error(std::string(path));
  };
  EXPECT_EQ(find("clock").integer(), 1000000000);
  EXPECT_EQ(find("fidelity").word(), "ideal");
  EXPECT_EQ(find("pe.mesh").list()[0], 16);
  EXPECT_EQ(find("pe.mesh").list()[1], std::nullopt);
  EXPECT_EQ(find("pe.partition.STAGE").name, "Conv1+Conv2");
  EXPECT_EQ(find("levels.NAME.size").name, "GLB");
  EXPECT_EQ(find("levels.NAME.size").integer_or_infinity(), 8192);
  EXPECT_EQ(find("levels.NAME.bandwidth").integer_or_infinity(), std::nullopt);
  EXPECT_TRUE(find("levels.NAME.refetch").boolean());
  EXPECT_EQ(find("tensors.NAME.shape").list().size(), 2U);
  EXPECT_DOUBLE_EQ(find("einsums.NAME.energy").number(), 0.25);
}

TEST(SimulationKeys, RefusesWhatIsWrong) {
  EXPECT_THAT(errors_of("prefecth: 1"), HasSubstr("unknown key 'prefecth' in simulation; did you mean 'prefetch'?"));
  EXPECT_THAT(errors_of("levels: {GLB: {sise: 1}}"),
              HasSubstr("unknown key 'sise' in simulation.levels.GLB; did you mean 'size'?"));
  EXPECT_THAT(errors_of("prefetch: -1"), HasSubstr("expected an integer from 0 to 1000000 (tiles), got '-1'"));
  EXPECT_THAT(errors_of("prefetch: inf"), HasSubstr("expected an integer"));
  EXPECT_THAT(errors_of("clock: 0"), HasSubstr("expected an integer from 1 to"));
  EXPECT_THAT(errors_of("fidelity: drm"), HasSubstr("did you mean 'dram'?"));
  EXPECT_THAT(errors_of("pe: {mesh: [1, 2, 3]}"), HasSubstr("expected two integers, got 3"));
  EXPECT_THAT(errors_of("pe: {mesh: 16}"), HasSubstr("expected two integers such as [16, 8]"));
  EXPECT_THAT(errors_of("pe: 3"), HasSubstr("simulation.pe: expected a map with keys such as 'mesh'"));
  EXPECT_THAT(errors_of("levels: 3"), HasSubstr("simulation.levels: expected a map with names as keys"));
  EXPECT_THAT(errors_of("tensors: {A: {shape: [0]}}"), HasSubstr("expected a positive integer"));
  EXPECT_THAT(errors_of("einsums: {E: {energy: -1}}"), HasSubstr("a number from 0 to 1e+15 (pJ)"));
  EXPECT_THAT(errors_of("einsums: {E: {energy: inf}}"), HasSubstr("a number from 0 to 1e+15 (pJ)"));
  EXPECT_THAT(errors_of("version: 2"), HasSubstr("version"));
  EXPECT_THAT(errors_of("3"), HasSubstr("expected a map"));
}

TEST(SimulationKeys, AreFoundByPathAndName) {
  EXPECT_EQ(find_simulation_keys("simulation.levels.GlobalBuffer.size").at(0)->path, "levels.NAME.size");
  EXPECT_EQ(find_simulation_keys("levels.NAME.size").size(), 1U);
  EXPECT_EQ(find_simulation_keys("pe").size(), 6U);
  EXPECT_EQ(find_simulation_keys("burst").at(0)->path, "dram.burst");
  EXPECT_EQ(find_simulation_keys("simulation").size(), simulation_keys().size());
  EXPECT_TRUE(find_simulation_keys("nonsense").empty());
  EXPECT_TRUE(find_simulation_keys("").empty());
}

Architecture applied(const std::string& text, Diagnostics& diagnostics) {
  Architecture architecture = ideal_architecture(4);
  apply_settings(architecture, read(text, diagnostics), diagnostics);
  return architecture;
}

TEST(ApplySettings, SetTheMachine) {
  Diagnostics diagnostics;
  const Architecture machine = applied(
      "clock: 5e8\nprefetch: 3\nfidelity: bandwidth\npe: {mesh: [4, 2], partition: {E: 2}, operation_overhead: 1, "
      "operation_latency: 2}\n"
      "dram: {burst: 256, separate_channels: true}\nnoc: {bandwidth: 1000, latency: 4}\n"
      "levels: {GlobalBuffer: {size: 800, datawidth: 16, width: 32, latency: 3, transfer_overhead: 5, refetch: "
      "true}}\n",
      diagnostics);
  ASSERT_FALSE(diagnostics.has_errors()) << messages(diagnostics);
  EXPECT_EQ(machine.clock_hz, 500000000);
  EXPECT_EQ(machine.prefetch, 3);
  EXPECT_EQ(machine.default_fidelity, Fidelity::bandwidth);
  EXPECT_EQ(machine.mesh.columns, 4);
  EXPECT_EQ(machine.mesh.rows, 2);
  EXPECT_EQ(machine.mesh.partition.at("E"), 2);
  EXPECT_EQ(machine.mesh.operation_overhead_cycles, 1);
  EXPECT_EQ(machine.mesh.operation_latency_cycles, 2);
  EXPECT_EQ(machine.dram.burst_bits, 256);
  EXPECT_TRUE(machine.dram.separate_channels);
  EXPECT_EQ(machine.bus.bits_per_second, 1000);
  EXPECT_EQ(machine.bus.latency_cycles, 4);
  const MemoryLevel& buffer = machine.memories[1];
  EXPECT_EQ(buffer.size_bits, 800);
  EXPECT_EQ(buffer.datawidth_bits, 16);
  EXPECT_EQ(buffer.width_bits, 32);
  EXPECT_EQ(buffer.latency_cycles, 3);
  EXPECT_EQ(buffer.transfer_overhead_cycles, 5);
  EXPECT_TRUE(buffer.refetch);
}

TEST(ApplySettings, ATorusHasTwiceTheWireAndNeedsTwoChannels) {
  Diagnostics good;
  EXPECT_EQ(NocSettings().hop_pj_per_bit, 0.1);
  EXPECT_EQ(applied("noc: {topology: mesh}", good).noc->hop_pj_per_bit, 0.1);
  EXPECT_EQ(applied("noc: {topology: torus}", good).noc->hop_pj_per_bit, 0.15);
  EXPECT_EQ(applied("noc: {topology: torus}", good).noc->topology, "torus");
  EXPECT_EQ(applied("noc: {topology: mesh}", good).noc->virtual_channels, 2);
  EXPECT_EQ(applied("noc: {topology: torus}", good).noc->virtual_channels, 4);
  EXPECT_EQ(applied("noc: {topology: torus, virtual_channels: 3}", good).noc->virtual_channels, 3);
  EXPECT_EQ(applied("noc: {hop_energy: 0.3, topology: torus}", good).noc->hop_pj_per_bit, 0.3);
  applied("noc: {virtual_channels: 1, topology: mesh}", good);
  EXPECT_FALSE(good.has_errors()) << messages(good);
  Diagnostics bad;
  applied("noc:\n  virtual_channels: 1\n  topology: torus\n", bad);
  ASSERT_EQ(bad.all().size(), 1U);
  EXPECT_EQ(bad.all().front().where.line, 2);
  EXPECT_THAT(messages(bad), HasSubstr("a torus needs at least 2 virtual channels on each link"));
  EXPECT_THAT(errors_of("noc: {topology: tours}"), HasSubstr("did you mean 'torus'?"));
}

TEST(ApplySettings, BandwidthsReplaceEachOther) {
  Diagnostics diagnostics;
  EXPECT_EQ(applied("levels: {GlobalBuffer: {bandwidth: 100}}", diagnostics).memories[1].bandwidth.shared, 100);
  EXPECT_TRUE(applied("levels: {GlobalBuffer: {bandwidth: inf}}", diagnostics).memories[1].bandwidth.unlimited());
  EXPECT_TRUE(applied("levels: {GlobalBuffer: {read_bandwidth: inf, write_bandwidth: inf}}", diagnostics)
                  .memories[1]
                  .bandwidth.unlimited());
  const auto one_way = applied("levels: {GlobalBuffer: {read_bandwidth: 100}}", diagnostics).memories[1].bandwidth;
  EXPECT_EQ(one_way.read, 100);
  EXPECT_EQ(one_way.write, boundless_bits_per_second);
  EXPECT_FALSE(one_way.shared);
  Architecture machine = ideal_architecture(3);
  machine.memories[1].bandwidth.read = 7;
  apply_settings(machine, read("levels: {GlobalBuffer: {bandwidth: 100}}", diagnostics), diagnostics);
  EXPECT_FALSE(machine.memories[1].bandwidth.read);
  EXPECT_FALSE(diagnostics.has_errors());
}

TEST(ApplySettings, RefuseUnknownLevels) {
  Diagnostics diagnostics;
  applied("levels: {GlobalBufer: {size: 1, width: 2}, MACs: {size: 1}}\n", diagnostics);
  const std::string text = messages(diagnostics);
  EXPECT_THAT(text, HasSubstr("test.yaml:1:10: unknown level 'GlobalBufer'; did you mean 'GlobalBuffer'?"));
  EXPECT_THAT(text, HasSubstr("level 'MACs' computes"));
  EXPECT_EQ(diagnostics.all().size(), 2U);
}

}  // namespace
}  // namespace loopsim
