#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <optional>
#include <rapidcheck/gtest.h>
#include <stdexcept>

#include "sim/checks/MinimumSpace.hpp"
#include "sim/functional/UntimedRun.hpp"
#include "tests/sim/functional/TreeOfFile.hpp"
#include "tests/support/RandomTree.hpp"

namespace loopsim {
namespace {

RandomTreeLimits one_global_buffer() {
  RandomTreeLimits limits;
  limits.several_buffers = false;
  return limits;
}

/// Nothing if it does not bind, or counts on words that no buffer holds (such mappings are refused).
std::optional<BoundTree> bound(const RandomCase& random) {
  Diagnostics diagnostics;
  try {
    BoundTree tree = bind_mapping(random.graph, random.architecture, random.tree, {}, diagnostics);
    minimum_space(tree, make_schedule(tree), [](const RetiredOperation&) {});
    return tree;
  } catch (const InputError&) {
    return std::nullopt;
  } catch (const UnheldWordsError&) {
    return std::nullopt;
  }
}

/// What is wrong with the run in one order; empty if nothing is.
std::string fault(const BoundTree& tree, const UntimedOrder& order) {
  try {
    const FunctionalResult result = untimed_run(tree, order);
    if (result.mismatches > 0) {
      return fmt::format("{} mismatches:\n{}", result.mismatches, fmt::join(result.messages, "\n"));
    }
    if (result.checked != result_words(tree))
      return fmt::format("{} words checked of {}", result.checked, result_words(tree));
    return "";
  } catch (const std::logic_error& error) {
    return error.what();
  }
}

/// In tree order, then with overlapping stages.
std::string fault(const RandomCase& random, const BoundTree& tree) {
  for (std::uint32_t seed = 0; seed < 3; ++seed) {
    const std::string wrong = fault(tree, {seed == 0, seed});
    if (!wrong.empty()) return fmt::format("order {}: {}\n{}", seed, wrong, to_yaml(random));
  }
  return "";
}

RC_GTEST_PROP(RandomTree, ComputesWhatTheEinsumsSay, ()) {
  // A smaller seed is no simpler case.
  const auto seed = *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  Choices choices(random_numbers(seed));
  const RandomCase random = random_case(choices, one_global_buffer());
  const std::optional<BoundTree> tree = bound(random);
  if (!tree) RC_DISCARD("does not bind");
  RC_CLASSIFY(tree->graph.einsums.size() > 2, "three einsums or more");
  const std::string wrong = fault(random, *tree);
  if (!wrong.empty()) RC_FAIL(fmt::format("seed {}: {}", seed, wrong));
}

TEST(RandomTree, SlowManyComputeWhatTheEinsumsSay) {
  std::size_t tried = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    Choices choices(random_numbers(seed));
    const RandomCase random = random_case(choices, one_global_buffer());
    const std::optional<BoundTree> tree = bound(random);
    if (!tree) continue;
    ++tried;
    ASSERT_EQ(fault(random, *tree), "") << "seed " << seed;
  }
  EXPECT_GT(tried, 3500u);
}

}  // namespace
}  // namespace loopsim
