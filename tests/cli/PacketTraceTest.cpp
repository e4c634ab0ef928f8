#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

#include "tests/TestPaths.hpp"
#include "tests/cli/TraceReaders.hpp"
#include "tests/cli/TracedRun.hpp"

namespace loopsim {
namespace {

using ::nlohmann::ordered_json;
using ::testing::HasSubstr;

/// "0-3:2", "1:1 2:3", "buffer0"
std::int64_t terminals(const std::string& text) {
  const auto length = [](const std::string& range) {
    const std::size_t dash = range.find('-');
    return dash == std::string::npos ? 1 : std::stoll(range.substr(dash + 1)) - std::stoll(range) + 1;
  };
  std::istringstream words(text);
  std::int64_t count = 0;
  for (std::string word; words >> word;) {
    const std::size_t colon = word.find(':');
    count += colon == std::string::npos ? 1 : length(word.substr(0, colon)) * length(word.substr(colon + 1));
  }
  return count;
}

using Row = std::map<std::string, std::string>;

std::vector<Row> packet_rows(const Traced& traced) {
  auto rows = read_rows(traced.text("noc_packets.csv"));
  std::vector<Row> packets;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() + 1 == rows[0].size()) rows[i].emplace_back();  // no loops above: the tile is empty
    EXPECT_EQ(rows[i].size(), rows[0].size());
    Row& row = packets.emplace_back();
    for (std::size_t c = 0; c < rows[i].size(); ++c) row[rows[0][c]] = rows[i][c];
  }
  return packets;
}

void expect_counters(const Traced& traced, bool adds) {
  const ordered_json noc = traced.stats()["simulation"]["noc"];
  std::int64_t packets = 0, bits = 0, flits = 0, deliveries = 0;
  for (const Row& row : packet_rows(traced)) {
    const std::int64_t count = std::stoll(row.at("count"));
    const bool sum = row.at("kind") == "sum";
    EXPECT_EQ(terminals(row.at(sum ? "destinations" : "source")), 1);
    if (!adds) {
      EXPECT_EQ(terminals(row.at("source")), 1);
    }
    packets += count;
    bits += count * std::stoll(row.at("bits"));
    flits += count * std::stoll(row.at("flits")) * terminals(row.at("source"));
    deliveries += count * terminals(row.at("destinations"));
  }
  EXPECT_GT(packets, 0);
  EXPECT_EQ(packets, noc["packets"]);
  EXPECT_EQ(bits, noc["bits"]);
  EXPECT_EQ(flits, noc["flits"]);
  EXPECT_EQ(deliveries, noc["deliveries"]);
}

TEST(PacketTrace, SumsToTheCounters) {
  for (const std::string& preset : small_presets) {
    SCOPED_TRACE(preset);
    expect_counters(*trace(small(preset), "noc", {"noc"}), true);
  }
  for (const char* topology : {"bus", "crossbar"}) {
    SCOPED_TRACE(topology);
    const TemporaryFolder folder;
    const std::string keys =
        folder.write("network.yaml", std::string("simulation: {noc: {topology: ") + topology + "}}\n");
    expect_counters(*trace(small("resnet18_block/fused.yaml"), "noc", {"noc"}, {"--functional", keys}), false);
  }
}

/// Runs a whole input of its own; nothing but the trace is asked of it.
std::unique_ptr<Traced> trace_of(const std::string& file, const std::vector<std::string>& more) {
  auto traced = std::make_unique<Traced>();
  std::vector<std::string> arguments = {"run",     file, "--fidelity", "noc", "-o", traced->folder.path().string(),
                                        "--trace", "noc"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  traced->outcome = run_program(arguments);
  EXPECT_EQ(traced->outcome.exit_code, 0) << traced->outcome.errors;
  return traced;
}

/// Its first step begins with the run, as nothing has to be filled.
TEST(PacketTrace, HasThoseOfAnEinsumThatUsesMainMemoryAlone) {
  const std::string file = (source_folder() / "tests/cases/noc_trace_sum_min.yaml").string();
  for (const char* topology : {"mesh", "bus", "crossbar"}) {
    for (const char* networks : {"1", "2", "3"}) {
      SCOPED_TRACE(std::string(topology) + " " + networks);
      const auto traced = trace_of(file, {"--set", std::string("simulation.noc.topology=") + topology, "--set",
                                          std::string("simulation.noc.networks=") + networks});
      expect_counters(*traced, std::string(topology) == "mesh");
      std::set<std::string> tensors;
      for (const Row& row : packet_rows(*traced)) tensors.insert(row.at("tensor"));
      EXPECT_EQ(tensors, (std::set<std::string>{"A", "O"}));
    }
  }
}

TEST(PacketTrace, OfStagesSumToTheCounters) {
  const std::string file = (source_folder() / "tests/cases/two_stages.yaml").string();
  for (const char* topology : {"mesh", "bus", "crossbar"}) {
    for (const char* networks : {"1", "3"}) {
      SCOPED_TRACE(std::string(topology) + " " + networks);
      expect_counters(*trace_of(file, {"--set", std::string("simulation.noc.topology=") + topology, "--set",
                                       std::string("simulation.noc.networks=") + networks}),
                      std::string(topology) == "mesh");
    }
  }
}

TEST(PacketTrace, SaysWhoSendsWhatForWhichTile) {
  const auto traced = trace(small("resnet18_block/fused.yaml"), "noc", {"noc", "perfetto"});
  const ordered_json simulation = traced->stats()["simulation"];
  std::map<std::pair<std::string, std::string>, std::pair<double, double>> tiles;  // einsum, tile: first, last cycle
  for (const ReadSlice& slice : read_perfetto(traced->text("trace.pftrace")).slices) {
    if (slice.track.rfind("PE array/", 0) != 0) continue;
    std::string tile = slice.texts.at("tile");
    tile = tile.substr(1, tile.size() - 2);
    for (std::size_t at; (at = tile.find(',')) != std::string::npos;) tile.erase(at, 1);
    const double begin = static_cast<double>(slice.numbers.at("cycle"));
    tiles[{slice.name, tile}] = {begin, begin + static_cast<double>(slice.numbers.at("cycles"))};
  }
  std::set<std::string> tensors;
  for (const Row& row : packet_rows(*traced)) {
    const auto tile = tiles.find({row.at("einsum"), row.at("tile")});
    ASSERT_NE(tile, tiles.end()) << row.at("einsum") << " " << row.at("tile");
    const double first = std::stod(row.at("cycle"));
    const double last = first + (std::stod(row.at("count")) - 1) * std::stod(row.at("interval"));
    EXPECT_GE(first, tile->second.first);
    EXPECT_LT(last, tile->second.second);
    EXPECT_LT(std::stoll(row.at("network")), 3);
    tensors.insert(row.at("tensor"));
  }
  EXPECT_EQ(tensors.size(), simulation["tensors"].size());
}

TEST(PacketTrace, AWindowCutsTrains) {
  const std::string workload = small("fc_fc/fused.yaml");
  const auto whole = trace(workload, "noc", {"noc"});
  const std::int64_t cycles = whole->stats()["simulation"]["cycles"];
  const std::int64_t middle = cycles / 2;
  const auto packets = [](const Traced& traced) {
    std::int64_t count = 0;
    for (const Row& row : packet_rows(traced)) count += std::stoll(row.at("count"));
    return count;
  };
  const auto early = trace(workload, "noc", {"noc"}, {"--trace-window", ":" + std::to_string(middle)});
  const auto late = trace(workload, "noc", {"noc"}, {"--trace-window", std::to_string(middle) + ":"});
  EXPECT_GT(packets(*early), 0);
  EXPECT_GT(packets(*late), 0);
  EXPECT_EQ(packets(*early) + packets(*late), packets(*whole));
  for (const Row& row : packet_rows(*early)) EXPECT_LT(std::stod(row.at("cycle")), static_cast<double>(middle));
  for (const Row& row : packet_rows(*late)) EXPECT_GE(std::stod(row.at("cycle")), static_cast<double>(middle));
}

TEST(PacketTrace, NeedsTheNetwork) {
  const TemporaryFolder folder;
  for (const char* rung : {"ideal", "bandwidth", "dram", "glb"}) {
    const auto outcome = run_program({"run", small("fc_fc/fused.yaml"), small("edge.yaml"), "--fidelity", rung, "-o",
                                      (folder.path() / "out").string(), "--trace", "noc"});
    EXPECT_EQ(outcome.exit_code, 65);
    EXPECT_THAT(outcome.errors, HasSubstr("the trace 'noc' needs the rung 'noc'"));
  }
}

}  // namespace
}  // namespace loopsim
