// Runs on the rung `noc`: what steps take on a mesh, seen from outside.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"

namespace loopsim {
namespace {

using nlohmann::ordered_json;
using ::testing::HasSubstr;

std::string case_file(const std::string& name) {
  return (source_folder() / "tests/cases" / name).string();
}

ordered_json simulation_of(std::vector<std::string> files, const std::vector<std::string>& settings) {
  files.insert(files.begin(), "run");
  files.insert(files.end(), {"--fidelity", "noc", "--json"});
  for (const std::string& setting : settings) files.insert(files.end(), {"--set", "simulation." + setting});
  const ProgramOutcome outcome = run_program(files);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  return ordered_json::parse(outcome.output).at("simulation");
}

/// Cycles that the network adds to a stage's steps, beside the latency.
std::int64_t added(const ordered_json& stage) {
  const ordered_json& detail = stage.at("detail");
  return detail.value("noc.serialization", 0) + detail.value("noc.arbitration", 0);
}

/// What steps of a stage take together, beside the latency.
std::int64_t steps_take(const ordered_json& stage) {
  return stage.at("compute").get<std::int64_t>() + added(stage);
}

struct Network {
  std::int64_t channels = 1;
  std::int64_t buffer = 8;
  std::int64_t ports = 16;  ///< on either edge
  std::int64_t flits = 1;   ///< a word

  std::vector<std::string> settings() const {
    return {fmt::format("noc.virtual_channels={}", channels), fmt::format("noc.buffer={}", buffer),
            fmt::format("noc.buffer_ports={}", ports), fmt::format("noc.side_ports={}", ports),
            fmt::format("noc.flit={}", 8 / flits)};
  }
  std::int64_t cycles_a_packet() const { return flits + (channels == 1 ? 1 : 0); }
};

/// noc_merge with so many rows in a tile.
ordered_json merge(std::int64_t tile, const Network& network) {
  std::string tiled = text_of(case_file("noc_merge.yaml"));
  const std::string was = "tile_shape: 8}";
  tiled.replace(tiled.find(was), was.size(), fmt::format("tile_shape: {}}}", tile));
  const TemporaryFolder folder;
  return simulation_of({folder.write("merge.yaml", tiled)}, network.settings());
}

/// 256 rows of 16 words, one PE each, so many rows at a time: every word is a packet, and a port has those of a column,
/// or all.
TEST(NetworkRun, ABlockTakesWhatItsBusiestPortNeeds) {
  for (const std::int64_t tile : {2, 3, 4, 6, 8, 12, 16}) {
    for (const std::int64_t ports : {1, 16}) {
      std::int64_t last = -1;
      for (const std::int64_t channels : {1, 2, 3, 16}) {
        std::int64_t shallow = -1;
        for (const std::int64_t buffer : {4, 64}) {
          SCOPED_TRACE(fmt::format("tile {} ports {} channels {} buffer {}", tile, ports, channels, buffer));
          const Network network{channels, buffer, ports};
          const ordered_json simulation = merge(tile, network);
          const std::int64_t took = steps_take(simulation.at("accounting").at(0));
          const std::int64_t least = 256 * 16 / ports * network.cycles_a_packet();
          EXPECT_GE(took, least);
          EXPECT_LE(static_cast<double>(took), 1.1 * static_cast<double>(least));
          const std::int64_t cycles = simulation.at("cycles");
          if (shallow >= 0) {
            EXPECT_LE(cycles, shallow);
          }
          shallow = cycles;
        }
        if (last >= 0) {
          EXPECT_LE(shallow, last);
        }
        last = shallow;
      }
    }
  }
}

/// Packets of several flits, over every number of ports that shares the columns out evenly.
TEST(NetworkRun, MorePortsAreNeverSlower) {
  for (const std::int64_t flits : {1, 2, 4}) {
    for (const std::int64_t channels : {1, 2}) {
      std::int64_t last = -1;
      for (const std::int64_t ports : {1, 2, 4, 8, 16}) {
        SCOPED_TRACE(fmt::format("flits {} channels {} ports {}", flits, channels, ports));
        const Network network{channels, 8, ports, flits};
        const ordered_json simulation = merge(8, network);
        const std::int64_t took = steps_take(simulation.at("accounting").at(0));
        const std::int64_t least = 256 * 16 / ports * network.cycles_a_packet();
        EXPECT_LE(static_cast<double>(took), 1.1 * static_cast<double>(least));
        const std::int64_t cycles = simulation.at("cycles");
        if (last >= 0) {
          EXPECT_LE(cycles, last);
        }
        last = cycles;
      }
    }
  }
}

/// Two stages whose steps send 64 packets each, in and out, over one port or over one a column.
TEST(NetworkRun, TwoStagesTakeWhatTheirBusiestPortNeeds) {
  for (const bool one_port : {true, false}) {
    std::int64_t last = -1;
    for (const std::int64_t channels : {1, 2, 3, 4, 16}) {
      SCOPED_TRACE(fmt::format("one port {} channels {}", one_port, channels));
      const Network network{channels, 8, one_port ? 1 : 16};
      const ordered_json simulation = simulation_of({case_file("noc_two_stages.yaml")}, network.settings());
      const std::int64_t least = (one_port ? 128 : 8) * network.cycles_a_packet();
      for (const ordered_json& stage : simulation.at("accounting")) {
        const std::int64_t steps = stage.at("compute");
        EXPECT_LE(static_cast<double>(steps_take(stage)), 1.1 * static_cast<double>(least * steps)) << stage;
      }
      const std::int64_t cycles = simulation.at("cycles");
      if (last >= 0) {
        EXPECT_LE(cycles, last);
      }
      last = cycles;
    }
  }
}

std::string axes_exchanged(std::string text) {
  for (std::size_t at = text.find("spatial: "); at != std::string::npos; at = text.find("spatial: ", at + 1)) {
    char& axis = text[at + std::string("spatial: ").size()];
    if (axis == '0' || axis == '1') axis = axis == '0' ? '1' : '0';
  }
  return text;
}

/// Equal work in either orientation of a square array costs alike.
TEST(NetworkRun, AxesCanBeExchanged) {
  for (const char* preset : {"fc_fc/fused", "mobilenetv2_block/fused", "attention_rows/fused"}) {
    SCOPED_TRACE(preset);
    const std::string file = small(std::string(preset) + ".yaml");
    const TemporaryFolder folder;
    const std::string exchanged = folder.write("exchanged.yaml", axes_exchanged(text_of(file)));
    EXPECT_NE(text_of(file), text_of(exchanged));
    std::int64_t one = 0, other = 0, steps = 0;
    for (const ordered_json& stage : simulation_of({file, "preset:edge"}, {}).at("accounting")) {
      one += added(stage);
      steps += stage.at("compute").get<std::int64_t>();
    }
    for (const ordered_json& stage : simulation_of({exchanged, "preset:edge"}, {}).at("accounting")) {
      other += added(stage);
    }
    const auto [less, more] = std::minmax(one, other);
    EXPECT_TRUE(more <= less + 2 * steps || 2 * more <= 3 * less) << one << " and " << other;
  }
}

TEST(NetworkRun, AMeshThatIsTooLargeIsRefused) {
  for (const char* command : {"run", "check"}) {
    std::vector<std::string> arguments{command, case_file("noc_merge.yaml"), "--set", "simulation.pe.mesh=[1000,100]",
                                       "--set", "simulation.fidelity=noc"};
    const ProgramOutcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.exit_code, 65) << command;
    EXPECT_THAT(outcome.errors, HasSubstr("at most 65536 routers"));
    EXPECT_THAT(outcome.errors, HasSubstr("1000 columns x 100 rows"));
    EXPECT_EQ(outcome.output, "");
  }
}

/// The whole machine on a torus: values, rows and bridge; channels and buffers that are doubled; and what is wrong.
TEST(NetworkRun, ATorusCarriesARun) {
  const std::vector<std::string> run = {
      "run",   "preset:resnet18_block/fused",  "preset:edge", "--fidelity", "noc", "--json",
      "--set", "simulation.noc.topology=torus"};
  std::vector<std::string> checked = run;
  checked.push_back("--functional");
  const ProgramOutcome outcome = run_program(checked);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const ordered_json document = ordered_json::parse(outcome.output);
  const ordered_json& simulation = document.at("simulation");
  EXPECT_GT(simulation.at("functional").at("checked"), 0);
  EXPECT_EQ(simulation.at("functional").at("mismatches"), 0);
  std::int64_t hops = 0;
  for (const ordered_json& network : simulation.at("noc").at("networks")) {
    for (const char* direction : {"east", "west", "south", "north", "node_out"}) {
      for (const ordered_json& flits : network.at(direction)) hops += flits.get<std::int64_t>();
    }
    for (const char* edge : {"buffer_ports", "side_ports", "dram_ports"}) {
      for (const ordered_json& port : network.at(edge)) hops += port.at("out").get<std::int64_t>();
    }
  }
  EXPECT_EQ(simulation.at("noc").at("flit_hops"), hops);
  for (const ordered_json& stage : simulation.at("accounting")) {
    std::int64_t cycles = 0;
    for (const char* part : {"compute", "ramp", "drain", "idle"}) cycles += stage.at(part).get<std::int64_t>();
    for (const auto& [cause, stalled] : stage.at("stall").items()) cycles += stalled.get<std::int64_t>();
    EXPECT_EQ(cycles, simulation.at("cycles").get<std::int64_t>());
  }
  const auto cycles_with = [&](std::int64_t channels, std::int64_t buffer) {
    return simulation_of({"preset:resnet18_block/fused", "preset:edge"},
                         {"noc.topology=torus", fmt::format("noc.virtual_channels={}", channels),
                          fmt::format("noc.buffer={}", buffer)})
        .at("cycles")
        .get<std::int64_t>();
  };
  EXPECT_LE(cycles_with(4, 8), cycles_with(2, 8));
  EXPECT_LE(cycles_with(4, 16), cycles_with(4, 8));

  std::vector<std::string> wrong = run;
  wrong.insert(wrong.end(), {"--set", "simulation.noc.virtual_channels=1"});
  const ProgramOutcome refused = run_program(wrong);
  EXPECT_EQ(refused.exit_code, 65);
  EXPECT_THAT(refused.errors, HasSubstr("a torus needs at least 2 virtual channels on each link"));
}

}  // namespace
}  // namespace loopsim
