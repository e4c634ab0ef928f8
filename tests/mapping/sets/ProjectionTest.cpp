#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mapping/sets/Projection.hpp"
#include "tests/mapping/Points.hpp"

namespace loopsim {
namespace {

AffineExpression sum(std::vector<AffineTerm> terms, std::int64_t constant = 0) {
  AffineExpression expression;
  expression.terms = std::move(terms);
  expression.constant = constant;
  return expression;
}

TensorAccess access_by(std::vector<AffineExpression> projection) {
  TensorAccess access;
  access.projection = std::move(projection);
  return access;
}

Box box_of(std::initializer_list<Interval> sides) {
  Box box;
  for (Interval side : sides) box.dimensions.emplace_back(side.low, side.high);
  return box;
}

Point word_of(const TensorAccess& access, const Point& operation) {
  Point word;
  for (const AffineExpression& expression : access.projection) {
    Coordinate x = expression.constant;
    for (const AffineTerm& term : expression.terms) x += term.coefficient * operation[term.rank];
    word.push_back(x);
  }
  return word;
}

Points words_of(const TensorAccess& access, const Points& operations) {
  Points words;
  for (const Point& operation : operations) words.insert(word_of(access, operation));
  return words;
}

TEST(Projection, AWindowReachesItsHalo) {
  const TensorAccess window = access_by({sum({{0, 1}, {1, 1}})});
  EXPECT_EQ(image(window, box_of({{4, 8}, {0, 3}})), PointSet(box_of({{4, 10}})));
}

TEST(Projection, AStrideWiderThanTheKernelSkipsWords) {
  const TensorAccess strided = access_by({sum({{0, 3}, {1, 1}})});
  const PointSet words = image(strided, box_of({{0, 3}, {0, 2}}));
  EXPECT_EQ(words.size(), 6);
  EXPECT_FALSE(words.boxes().front().dimensions[0].contains(2));
}

TEST(Projection, ARankInTwoDimensionsIsADiagonal) {
  const TensorAccess diagonal = access_by({sum({{0, 1}}), sum({{0, 1}})});
  EXPECT_EQ(image(diagonal, box_of({{0, 4}})).size(), 4);
}

TEST(Projection, AScalarIsOneWord) {
  const TensorAccess scalar = access_by({});
  EXPECT_EQ(image(scalar, box_of({{0, 4}, {0, 4}})).size(), 1);
  EXPECT_TRUE(image(scalar, PointSet()).empty());
}

TEST(Projection, ReductionRanksAreWholeInTheInverse) {
  const TensorAccess output = access_by({sum({{1, 1}}), sum({{0, 1}})});  // transposed, rank 2 reduced
  const PointSet space(box_of({{0, 4}, {0, 5}, {0, 6}}));
  EXPECT_EQ(inverse_image(output, PointSet(box_of({{2, 3}, {0, 2}})), space),
            PointSet(box_of({{0, 2}, {2, 3}, {0, 6}})));
  EXPECT_TRUE(inverse_image(output, PointSet(box_of({{5, 9}, {0, 2}})), space).empty());
}

TEST(Projection, TheOperationSpaceHasTheRanksOfTheEinsum) {
  EinsumGraph graph;
  Einsum einsum;
  Rank p;
  p.low = 2;
  p.high = 7;
  Rank q;
  q.low = 0;
  q.high = 3;
  einsum.ranks = {graph.ranks.push_back(p), graph.ranks.push_back(q)};
  graph.einsums.push_back(einsum);
  EXPECT_EQ(operation_space(graph, EinsumId(0)), box_of({{2, 7}, {0, 3}}));
}

TensorAccess any_access(std::size_t ranks) {
  TensorAccess access;
  for (std::int64_t dimensions = any_between(1, 3); dimensions > 0; --dimensions) {
    AffineExpression expression;
    for (std::size_t rank = 0; rank < ranks; ++rank) {
      if (any_between(0, 1) == 0) continue;
      static const std::int64_t coefficients[] = {1, 1, 1, 2, 3, -1, -2};
      expression.terms.push_back({rank, coefficients[any_between(0, 6)]});
    }
    expression.constant = any_between(-2, 2);
    access.projection.push_back(std::move(expression));
  }
  return access;
}

/// Each dimension one rank of its own, some of them a constant: what outputs look like.
TensorAccess any_output(std::size_t ranks) {
  std::vector<std::size_t> order;
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(any_between(0, static_cast<std::int64_t>(rank))), rank);
  }
  order.resize(static_cast<std::size_t>(any_between(0, static_cast<std::int64_t>(ranks))));
  TensorAccess access;
  for (std::size_t rank : order) access.projection.push_back(sum({{rank, 1}}, any_between(-2, 2)));
  if (any_between(0, 4) == 0) access.projection.push_back(sum({}, any_between(-1, 1)));
  return access;
}

RC_GTEST_PROP(ProjectionProperty, TheImageIsThatOfEveryOperation, ()) {
  const auto ranks = static_cast<std::size_t>(any_between(1, 4));
  const PointSet operations = any_point_set(ranks, ranks > 3 ? 2 : 3);
  const TensorAccess access = any_access(ranks);
  RC_ASSERT(points_of(image(access, operations)) == words_of(access, points_of(operations)));
}

RC_GTEST_PROP(ProjectionProperty, TheInverseImageIsEveryOperationThatReachesAWord, ()) {
  const auto ranks = static_cast<std::size_t>(any_between(1, 4));
  const PointSet space = any_point_set(ranks, ranks > 3 ? 2 : 3);
  const TensorAccess output = any_output(ranks);
  const PointSet words = any_point_set(output.projection.size(), 3);
  const Points wanted = points_of(words);
  Points expected;
  for (const Point& operation : points_of(space)) {
    if (wanted.count(word_of(output, operation)) != 0) expected.insert(operation);
  }
  RC_ASSERT(points_of(inverse_image(output, words, space)) == expected);
}

}  // namespace
}  // namespace loopsim
