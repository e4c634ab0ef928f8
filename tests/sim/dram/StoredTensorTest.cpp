#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>

#include "sim/dram/StoredTensor.hpp"
#include "tests/support/RandomTree.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;

/// A tensor of these extents from 0 on, the dimensions in this order.
StoredTensor stored(std::vector<std::int64_t> extents, std::vector<std::size_t> order, std::int64_t word_bits = 8,
                    std::uint64_t first_byte = 0) {
  StoredTensor tensor;
  tensor.first_byte = first_byte;
  tensor.word_bits = word_bits;
  tensor.order = std::move(order);
  for (const std::int64_t extent : extents) tensor.box.push_back({0, extent});
  tensor.words.resize(extents.size());
  for (std::size_t p = extents.size(); p-- > 0;) {
    tensor.words[tensor.order[p]] = tensor.total_words;
    tensor.total_words *= extents[tensor.order[p]];
  }
  return tensor;
}

PointSet box(const std::vector<Interval>& sides) {
  Box result;
  for (const Interval side : sides) result.dimensions.emplace_back(side.low, side.high);
  return PointSet(result);
}

TEST(StoredTensor, AWholeTensorIsOneRun) {
  const StoredTensor tensor = stored({4, 8, 16}, {0, 1, 2}, 8, 1024);
  EXPECT_THAT(bursts_of(tensor, box({{0, 4}, {0, 8}, {0, 16}}), 64), ElementsAre(BurstRun{16, 8}));
}

TEST(StoredTensor, RowsAreRunsAndPartialBurstsCountWhole) {
  const StoredTensor tensor = stored({4, 256}, {0, 1});
  EXPECT_THAT(bursts_of(tensor, box({{1, 3}, {60, 70}}), 64), ElementsAre(BurstRun{4, 2}, BurstRun{8, 2}));
  EXPECT_THAT(bursts_of(tensor, box({{0, 4}, {0, 1}}), 64),
              ElementsAre(BurstRun{0, 1}, BurstRun{4, 1}, BurstRun{8, 1}, BurstRun{12, 1}));
}

TEST(StoredTensor, ABurstOfSeveralRowsCountsOnce) {
  const StoredTensor tensor = stored({8, 16}, {0, 1});
  EXPECT_THAT(bursts_of(tensor, box({{0, 8}, {3, 5}}), 64), ElementsAre(BurstRun{0, 2}));
}

TEST(StoredTensor, TheOrderOfDimensionsDecides) {
  const PointSet column = box({{0, 4}, {2, 3}});
  EXPECT_EQ(bursts_of(stored({4, 256}, {0, 1}), column, 64).size(), 4U);
  EXPECT_THAT(bursts_of(stored({4, 256}, {1, 0}), column, 64), ElementsAre(BurstRun{0, 1}));
}

TEST(StoredTensor, WordsAreBits) {
  const StoredTensor tensor = stored({256}, {0}, 12);  // 64 bytes hold 42 2/3 words
  EXPECT_THAT(bursts_of(tensor, box({{0, 42}}), 64), ElementsAre(BurstRun{0, 1}));
  EXPECT_THAT(bursts_of(tensor, box({{0, 43}}), 64), ElementsAre(BurstRun{0, 2}));
  EXPECT_THAT(bursts_of(tensor, box({{43, 44}}), 64), ElementsAre(BurstRun{1, 1}));
}

TEST(StoredTensor, AScalarIsOneWord) {
  Box point;
  EXPECT_THAT(bursts_of(stored({}, {}, 8, 128), PointSet(point), 64), ElementsAre(BurstRun{2, 1}));
}

TEST(StoredTensor, WhatLiesOutsideHasNoPlace) {
  EXPECT_THAT(bursts_of(stored({64}, {0}), box({{-3, 1}}), 64), ElementsAre(BurstRun{0, 1}));
  EXPECT_TRUE(bursts_of(stored({64}, {0}), box({{-3, 0}}), 64).empty());
}

/// Word by word, the plain way.
std::set<std::int64_t> touched(const StoredTensor& tensor, const PointSet& words, std::int64_t burst_bytes) {
  std::set<std::int64_t> bursts;
  for (std::int64_t word = 0; word < tensor.total_words; ++word) {
    Box point;
    for (std::size_t d = 0; d < tensor.box.size(); ++d) {
      const std::int64_t extent = tensor.box[d].high;
      const std::int64_t x = word / tensor.words[d] % extent;
      point.dimensions.emplace_back(x, x + 1);
    }
    if (intersect(words, point).empty()) continue;
    const std::int64_t first = static_cast<std::int64_t>(tensor.first_byte) * 8 + word * tensor.word_bits;
    for (std::int64_t bit = first; bit < first + tensor.word_bits; ++bit) bursts.insert(bit / (8 * burst_bytes));
  }
  return bursts;
}

RC_GTEST_PROP(StoredTensor, EveryBurstOfAnySetOnceAndInOrder, ()) {
  const auto small = [](int low, int high) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high)); };
  const std::vector<std::vector<std::size_t>> orders = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
  const StoredTensor tensor =
      stored({small(1, 6), small(1, 7), small(1, 8)}, orders[static_cast<std::size_t>(small(0, 3))], small(1, 20),
             static_cast<std::uint64_t>(small(0, 3)) * 32);
  PointSet words;
  for (int boxes = small(1, 5); boxes > 0; --boxes) {
    Box one;
    for (int d = 0; d < 3; ++d) {
      const int low = small(0, 5);
      one.dimensions.emplace_back(low, low + small(1, 4));
    }
    words.unite(one);
  }
  const std::int64_t burst_bytes = std::int64_t{1} << small(1, 6);
  std::set<std::int64_t> got;
  std::int64_t end = -1;
  for (const BurstRun run : bursts_of(tensor, words, burst_bytes)) {
    RC_ASSERT(run.first > end);  // neither overlap nor touch
    end = run.first + run.count;
    for (std::int64_t burst = run.first; burst < end; ++burst) got.insert(burst);
  }
  RC_ASSERT(got == touched(tensor, words, burst_bytes));
}

RC_GTEST_PROP(StoredTensor, TensorsAreApartAndAligned, ()) {
  Choices choices(random_numbers(*rc::gen::arbitrary<std::uint64_t>()));
  RandomCase random = random_case(choices, {});
  Diagnostics diagnostics;
  std::optional<BoundTree> tree;
  try {
    tree = bind_mapping(random.graph, random.architecture, random.tree, {}, diagnostics);
  } catch (const InputError&) {
    RC_DISCARD("does not bind");
  }
  std::uint64_t end = 0;
  for (const auto& tensor : place_tensors(*tree, 1024)) {
    if (!tensor) continue;
    RC_ASSERT(tensor->first_byte % 1024 == 0U);
    RC_ASSERT(tensor->first_byte >= end);
    end = tensor->first_byte + static_cast<std::uint64_t>(tensor->bytes());
  }
  for (const BoundNode& node : tree->nodes) {
    if (node.kind != NodeKind::storage || node.level != LevelId(0)) continue;
    RC_ASSERT(place_tensors(*tree, 1024)[node.tensor].has_value());
  }
}

}  // namespace
}  // namespace loopsim
