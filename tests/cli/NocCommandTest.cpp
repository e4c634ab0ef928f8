#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/cli/RunProgram.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

nlohmann::json noc_json(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "noc");
  arguments.push_back("--json");
  const auto outcome = run_program(arguments);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  return nlohmann::json::parse(outcome.output);
}

TEST(NocCommand, GivesOnePointARate) {
  const auto points = noc_json({"--mesh", "4x4", "--vcs", "2", "--buffer", "8", "--packet", "2", "--traffic", "uniform",
                                "--rate", "0.05,0.1,0.95", "--seed", "3"});
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[0].size(), 5u);
  EXPECT_EQ(points[0]["rate"], 0.05);
  EXPECT_NEAR(points[0]["accepted"], 0.05, 0.001);
  EXPECT_NEAR(points[0]["hops"], 3.5, 0.05);
  EXPECT_GT(points[0]["latency"], 4 * 3.5 + 2);
  EXPECT_GT(points[1]["latency"], points[0]["latency"]);
  EXPECT_EQ(points[1]["saturated"], false);
  EXPECT_EQ(points[2]["saturated"], true);
  const auto table = run_program({"noc", "--mesh", "4x4", "--packet", "2", "--vcs", "2", "--rate", "0.95"});
  EXPECT_THAT(table.output, HasSubstr("saturated"));
}

TEST(NocCommand, GivesTheCyclesOfAFixedAmount) {
  const auto stream = noc_json({"--traffic", "stream", "--packets", "10", "--packet", "5"});
  EXPECT_EQ(stream, nlohmann::json::parse(R"([{"cycles": 121, "flit_hops": 750}])"));
  const auto part = noc_json({"--traffic", "stream", "--from", "63", "--to", "62", "--vcs", "4"});
  EXPECT_EQ(part, nlohmann::json::parse(R"([{"cycles": 11, "flit_hops": 2}])"));
  EXPECT_EQ(noc_json({"--traffic", "gather", "--mesh", "4x4", "--packets", "20"})[0]["cycles"], 20 * 16 * 2 + 5);
  EXPECT_EQ(noc_json({"--traffic", "gather", "--mesh", "4x4", "--packets", "20", "--to", "0"})[0]["cycles"], 645);
  const auto multicast = noc_json({"--traffic", "multicast", "--mesh", "3x2", "--packets", "4"});
  EXPECT_EQ(multicast[0]["flit_hops"], 4 * (5 + 6));
  const auto scatter = noc_json({"--traffic", "scatter", "--mesh", "3x2", "--packets", "4"});
  EXPECT_EQ(scatter[0]["flit_hops"], 4 * (1 + 2 + 3 + 2 + 3 + 4));
  EXPECT_GT(scatter[0]["cycles"], multicast[0]["cycles"]);
  EXPECT_EQ(noc_json({"--traffic", "reduce", "--mesh", "3x2", "--packets", "4"})[0]["flit_hops"], 4 * 6);
}

TEST(NocCommand, ATorusIsTwoLinksFromCornerToCorner) {
  const std::vector<std::string> stream = {"--traffic", "stream", "--mesh", "4x4", "--vcs", "2"};
  EXPECT_EQ(noc_json(stream), nlohmann::json::parse(R"([{"cycles": 31, "flit_hops": 7}])"));
  std::vector<std::string> torus = stream;
  torus.insert(torus.end(), {"--topology", "torus"});
  EXPECT_EQ(noc_json(torus), nlohmann::json::parse(R"([{"cycles": 15, "flit_hops": 3}])"));
}

TEST(NocCommand, SaysWhatIsWrongWithItsOptions) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--rate", "1.5"}, "0 to 1, not 1.5"},
      {{"--rate", "-0.1"}, "0 to 1, not -0.1"},
      {{"--rate", "nan"}, "0 to 1"},
      {{}, "needs --rate"},
      {{"--rate", "0.1", "--mesh", "0x8"}, "--mesh: expected columns x rows"},
      {{"--rate", "0.1", "--mesh", "8"}, "--mesh: expected columns x rows"},
      {{"--rate", "0.1", "--mesh", "8x-2"}, "--mesh: expected columns x rows"},
      {{"--rate", "0.1", "--mesh", "8x8x8"}, "--mesh: expected columns x rows"},
      {{"--rate", "0.1", "--mesh", "99999x99999"}, "at most 65536 routers"},
      {{"--rate", "0.1", "--vcs", "0"}, "1 to 64 virtual channels"},
      {{"--rate", "0.1", "--topology", "tours"}, "--topology: there is no topology 'tours'; did you mean 'torus'?"},
      {{"--rate", "0.1", "--topology", "bus"}, "one of mesh, torus"},
      {{"--rate", "0.1", "--topology", "torus"}, "--vcs: a torus needs at least 2 virtual channels on each link"},
      {{"--rate", "0.1", "--buffer", "0"}, "buffer holds"},
      {{"--rate", "0.1", "--packet", "0"}, "--packet"},
      {{"--rate", "0.1", "--traffic", "unifrom"}, "did you mean 'uniform'?"},
      {{"--rate", "0.1", "--traffic", "transpose", "--mesh", "4x3"}, "square mesh"},
      {{"--rate", "0.1", "--from", "3"}, "--from has no meaning with --traffic uniform"},
      {{"--rate", "0.1", "--packets", "3"}, "--packets has no meaning"},
      {{"--rate", "0.1", "--traffic", "hotspot", "--hotspot", "64"}, "no node 64"},
      {{"--traffic", "stream", "--rate", "0.1"}, "--rate has no meaning with --traffic stream"},
      {{"--traffic", "stream", "--from", "64"}, "nodes 0 to 63"},
      {{"--traffic", "stream", "--to", "-1"}, "no node -1"},
      {{"--traffic", "stream", "--packets", "0"}, "--packets"},
  };
  for (const auto& [arguments, expected] : cases) {
    std::vector<std::string> words = {"noc", "--json"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const auto outcome = run_program(words);
    EXPECT_EQ(outcome.exit_code, 2) << expected;
    EXPECT_EQ(outcome.output, "") << expected;
    EXPECT_THAT(outcome.errors, HasSubstr(expected));
  }
}

TEST(NocCommand, SaysWhichOptionItDoesNotNeed) {
  EXPECT_THAT(run_program({"noc", "--traffic", "gather", "--from", "3"}).errors, HasSubstr("--from is not used"));
}

TEST(NocCommand, ADeadlockEndsWith75AndNamesWhoWaits) {
  const auto outcome =
      run_program({"noc", "--mesh", "4x4", "--buffer", "2", "--packet", "20", "--traffic", "allgather", "--json"});
  EXPECT_EQ(outcome.exit_code, 75);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors, HasSubstr("deadlock in the mesh"));
  EXPECT_THAT(outcome.errors, HasSubstr("waits for a virtual channel of"));
}

}  // namespace
}  // namespace loopsim
