#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck/gtest.h>

#include "sim/functional/OperationLine.hpp"

namespace loopsim {
namespace {

TensorLayout layout_of(std::vector<Interval> box) {
  TensorLayout layout;
  layout.box = std::move(box);
  layout.strides.assign(layout.box.size(), 1);
  for (std::size_t d = layout.box.size(); d-- > 0;) {
    layout.strides[d] = static_cast<std::int64_t>(layout.words);
    layout.words *= static_cast<std::size_t>(layout.box[d].high - layout.box[d].low);
  }
  return layout;
}

TEST(TensorLayout, IndicesAndCoordinatesAgree) {
  const TensorLayout layout = layout_of({{-1, 3}, {2, 7}});
  EXPECT_EQ(layout.words, 20u);
  EXPECT_EQ(layout.coordinates_of(0), (std::vector<Coordinate>{-1, 2}));
  EXPECT_EQ(layout.coordinates_of(19), (std::vector<Coordinate>{2, 6}));
  EXPECT_EQ(layout.coordinates_of(6), (std::vector<Coordinate>{0, 3}));
}

TEST(TensorLayout, RunsCoverASetWithinTheBox) {
  const TensorLayout layout = layout_of({{0, 4}, {0, 5}});
  Box box;
  box.dimensions = {IntervalSet(2, 9), IntervalSet(-3, 2)};
  PointSet words(box);
  Box other;
  other.dimensions = {IntervalSet(0, 1), IntervalSet(4, 5)};
  words.unite(other);
  std::vector<bool> seen(layout.words);
  for (IndexRun run : index_runs(layout, words)) {
    for (std::size_t i = run.first; i < run.first + run.count; ++i) {
      EXPECT_FALSE(seen.at(i));
      seen.at(i) = true;
    }
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i], i == 4 || i == 10 || i == 11 || i == 15 || i == 16) << i;
  }
}

/// A line must say of every operation along the last rank what evaluating the projection says.
RC_GTEST_PROP(OperationLine, ReachesWhatTheProjectionSays, ()) {
  const auto draw = [](std::int64_t low, std::int64_t high) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
  };
  const std::size_t ranks = static_cast<std::size_t>(draw(1, 3));
  std::vector<Interval> box;
  TensorAccess access;
  for (std::int64_t d = draw(0, 3); d > 0; --d) {
    const Coordinate low = draw(-4, 4);
    box.push_back({low, low + draw(1, 6)});
    AffineExpression expression;
    expression.constant = draw(-4, 4);
    for (std::size_t rank = 0; rank < ranks; ++rank) {
      const std::int64_t coefficient = draw(-3, 3);
      if (coefficient != 0) expression.terms.push_back({rank, coefficient});
    }
    access.projection.push_back(expression);
  }
  const TensorLayout layout = layout_of(box);
  std::vector<Coordinate> at;
  for (std::size_t rank = 0; rank < ranks; ++rank) at.push_back(draw(-3, 5));
  const OperationLine line = operation_line(access, layout, at);
  for (Coordinate x = -12; x <= 12; ++x) {
    at.back() = x;
    bool inside = true;
    std::int64_t index = 0;
    for (std::size_t d = 0; d < box.size(); ++d) {
      Coordinate coordinate = access.projection[d].constant;
      for (const AffineTerm& term : access.projection[d].terms) coordinate += term.coefficient * at[term.rank];
      inside = inside && box[d].low <= coordinate && coordinate < box[d].high;
      index += (coordinate - box[d].low) * layout.strides[d];
    }
    RC_ASSERT(line.reaches(x) == inside);
    if (inside) RC_ASSERT(line.index(x) == static_cast<std::size_t>(index));
  }
}

}  // namespace
}  // namespace loopsim
