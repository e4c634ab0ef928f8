#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/schedule/ScheduleTesting.hpp"
#include "tests/sim/sequencer/SequencerTesting.hpp"

namespace loopsim {

/// Y[P] = X[P] in tiles of two words: each tile operation fills two words of X and drains two of Y.
inline std::string one_layer(int extent) {
  return input_of(copy_of("F", "P", "X", "Y", extent), R"(- {type: storage, target: 0, dspace: [X, Y]}
- {type: temporal, rank: P, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})");
}

/// Moves take no time.
inline Sequencer::Options ideal(std::int64_t prefetch = 0) {
  Sequencer::Options options;
  options.prefetch = prefetch;
  return options;
}
inline Sequencer::Options timed(std::int64_t prefetch) {
  Sequencer::Options options;
  options.ideal = false;
  options.prefetch = prefetch;
  return options;
}

/// Every fill, every drain and every tile operation takes as long.
inline Latencies constant(MoveTime fill, MoveTime drain, std::int64_t array) {
  return {[=](const Transfer& transfer) { return transfer.move.kind == Move::Kind::fill ? fill : drain; },
          [=](const ArrayJob&, std::int64_t) { return computing(array); }};
}
/// Tile operations take so many cycles, by leaf.
inline Latencies arrays(std::vector<std::int64_t> cycles, MoveTime fill = {}, MoveTime drain = {}) {
  return {[=](const Transfer& transfer) { return transfer.move.kind == Move::Kind::fill ? fill : drain; },
          [=](const ArrayJob& job, std::int64_t) { return computing(cycles[job.leaf]); }};
}

inline std::int64_t stall(const StageAccount& account, StallCause cause) {
  return account.stall[static_cast<std::size_t>(cause)];
}
inline std::int64_t stall(const PathCycles& path, StallCause cause) {
  return path.stall[static_cast<std::size_t>(cause)];
}

/// What has to hold after every run that has ended.
inline void expect_sound(SequencerBench& bench) {
  Sequencer& sequencer = bench.sequencer();
  EXPECT_TRUE(sequencer.finished()) << sequencer.describe_deadlock();
  EXPECT_FALSE(sequencer.next_wakeup());
  EXPECT_THAT(sequencer.conservation_errors(), ::testing::IsEmpty());
  EXPECT_TRUE(sequencer.holdings().all_released());
  for (const StageAccount& account : sequencer.accounts()) {
    EXPECT_EQ(account.total(), sequencer.end().value) << account.stage;
  }
  EXPECT_EQ(sequencer.path().total(), sequencer.end().value);
}

}  // namespace loopsim
