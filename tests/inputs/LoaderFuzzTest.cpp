#include <gtest/gtest.h>
#include <random>
#include <string>

#include "inputs/Inputs.hpp"
#include "inputs/ResolvedYaml.hpp"
#include "tests/TemporaryFolder.hpp"
#include "workloads/Presets.hpp"

namespace loopsim {
namespace {

/// A text with a few bytes, lines or words changed.
std::string mutated(std::string text, std::mt19937& random) {
  const std::string scraps[] = {"-",
                                "[",
                                "]",
                                "{",
                                "}",
                                ":",
                                "\n",
                                "  ",
                                "'",
                                "\"",
                                "*x",
                                "&x ",
                                "<<: ",
                                "!Component ",
                                "0",
                                "-1",
                                "9223372036854775807",
                                "1e99",
                                "inf",
                                "~",
                                "P1",
                                "and",
                                "<=",
                                "\t",
                                "\xff",
                                "#",
                                "|",
                                ">",
                                "%",
                                "? "};
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  const std::size_t changes = 1 + below(4);
  for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t at = below(text.size());
    const std::size_t length = std::min(text.size() - at, 1 + below(below(20) == 0 ? 400 : 6));
    switch (below(4)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, scraps[below(std::size(scraps))]);
        break;
      case 2:
        text.replace(at, length, scraps[below(std::size(scraps))]);
        break;
      default:
        text.insert(below(text.size()), text.substr(at, length));
    }
  }
  return text;
}

void load_mutants(int count, unsigned seed) {
  const TemporaryFolder folder;
  std::mt19937 random(seed);
  std::string machine;
  std::vector<std::string> workloads;
  for (const Preset& preset : presets()) {
    if (preset.name == "edge") machine = preset.text;
    if (preset.kind == "workload") workloads.emplace_back(preset.text);
  }
  ASSERT_FALSE(machine.empty());
  ASSERT_FALSE(workloads.empty());
  int good = 0;
  for (int i = 0; i < count; ++i) {
    const std::string& workload = workloads[static_cast<std::size_t>(i) % workloads.size()];
    const bool change_machine = i % 3 == 0;
    const std::string files[] = {folder.write("w.yaml", change_machine ? workload : mutated(workload, random)),
                                 folder.write("m.yaml", change_machine ? mutated(machine, random) : machine)};
    try {
      const Inputs inputs = load_inputs({files[0], files[1]});
      ++good;
      const std::string resolved = resolved_yaml(inputs);
      EXPECT_EQ(resolved_yaml(load_inputs({folder.write("r.yaml", resolved)})), resolved);
    } catch (const InputError& error) {
      EXPECT_TRUE(error.diagnostics.has_errors());
      EXPECT_FALSE(render_all(error.diagnostics.all()).empty());
    }
  }
  // Else the mutants would be too wild to reach the loaders.
  EXPECT_GT(good, count / 100);
  EXPECT_LT(good, count);
}

TEST(LoaderFuzz, MutantsLoadOrAreRefused) {
  load_mutants(400, 1);
}

TEST(LoaderFuzz, SlowMutantsLoadOrAreRefused) {
  load_mutants(5000, 2);
}

}  // namespace
}  // namespace loopsim
