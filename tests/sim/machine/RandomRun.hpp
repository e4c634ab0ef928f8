#pragma once

#include <optional>
#include <random>

#include "sim/checks/MinimumSpace.hpp"
#include "tests/sim/sequencer/SequencerTesting.hpp"
#include "tests/support/RandomTree.hpp"

namespace loopsim {

/// Latencies drawn from a seed, the same for the same transfer and tile operation.
inline Latencies random_latencies(std::uint64_t seed) {
  const auto draw = [seed](std::uint64_t a, std::uint64_t b, std::int64_t below) {
    std::seed_seq sequence{seed, seed >> 32U, a, b};
    std::mt19937 random(sequence);
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below));
  };
  return {[=](const Transfer& transfer) {
            const auto number = static_cast<std::uint64_t>(transfer.number);
            return MoveTime{draw(1, number, 12), draw(2, number, 6)};
          },
          [=](const ArrayJob& job, std::int64_t number) {
            const auto tile = 1000 * job.leaf + static_cast<std::uint64_t>(number);
            ArraySpent spent = computing(1 + draw(3, tile, 10));
            spent.steps.stall[static_cast<std::size_t>(StallCause::glb)] = Cycle(draw(4, tile, 3));
            spent.operand_delay = Cycle(draw(5, tile, 3));
            spent.result_delay = Cycle(draw(6, tile, 8));
            return spent;
          }};
}

/// The tree of a seed with buffers that have `spare` percent more than they need at least; nothing if it does not bind.
inline std::optional<BoundTree> random_tree(std::uint64_t seed, std::optional<std::int64_t> spare) {
  Choices choices(random_numbers(seed));
  const RandomCase random = random_case(choices);
  Diagnostics diagnostics;
  try {
    BoundTree tree = bind_mapping(random.graph, random.architecture, random.tree, {}, diagnostics);
    const auto peaks = minimum_space(tree, make_schedule(tree), [](const RetiredOperation&) {});
    if (spare) {
      const auto peak = peaks.find(LevelId(1));
      if (peak != peaks.end()) {
        tree.architecture.memories[1].size_bits = peak->second.bits + peak->second.bits * *spare / 100;
      }
    }
    return tree;
  } catch (const InputError&) {
    return std::nullopt;
  } catch (const UnheldWordsError&) {
    return std::nullopt;
  }
}

}  // namespace loopsim
