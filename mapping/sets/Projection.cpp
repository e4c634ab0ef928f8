#include "mapping/sets/Projection.hpp"

#include <algorithm>

namespace loopsim {

namespace {

IntervalSet evaluate(const AffineExpression& expression, const Box& operations) {
  IntervalSet sum(expression.constant, expression.constant + 1);
  for (const AffineTerm& term : expression.terms) {
    sum = minkowski_sum(sum, scale(operations.dimensions[term.rank], term.coefficient));
  }
  return sum;
}

/// A rank that appears in several dimensions couples them: the image is then no product of the dimensions' images.
std::size_t coupling_rank(const TensorAccess& access, const Box& operations) {
  std::vector<bool> seen(operations.dimensions.size());
  for (const AffineExpression& expression : access.projection) {
    for (const AffineTerm& term : expression.terms) {
      if (seen[term.rank] && operations.dimensions[term.rank].size() > 1) return term.rank;
      seen[term.rank] = true;
    }
  }
  return operations.dimensions.size();
}

}  // namespace

bool depends_on(const TensorAccess& access, std::size_t rank) {
  return std::any_of(access.projection.begin(), access.projection.end(), [&](const AffineExpression& expression) {
    return std::any_of(expression.terms.begin(), expression.terms.end(),
                       [&](const AffineTerm& term) { return term.rank == rank; });
  });
}

PointSet image(const TensorAccess& access, const Box& operations) {
  const std::size_t coupled = coupling_rank(access, operations);
  if (coupled < operations.dimensions.size()) {
    PointSet result;
    Box slice = operations;
    for (Interval run : operations.dimensions[coupled].runs()) {
      for (Coordinate x = run.low; x < run.high; ++x) {
        slice.dimensions[coupled] = IntervalSet(x, x + 1);
        result.unite(image(access, slice));
      }
    }
    return result;
  }
  Box words;
  words.dimensions.reserve(access.projection.size());
  for (const AffineExpression& expression : access.projection) {
    words.dimensions.push_back(evaluate(expression, operations));
  }
  return PointSet(std::move(words));
}

PointSet image(const TensorAccess& access, const PointSet& operations) {
  if (operations.boxes().size() == 1) return image(access, operations.boxes().front());
  PointSet result;
  for (const Box& box : operations.boxes()) result.unite(image(access, box));
  return result;
}

PointSet inverse_image(const TensorAccess& output, const PointSet& words, const PointSet& space) {
  PointSet result;
  for (const Box& target : words.boxes()) {
    for (const Box& from : space.boxes()) {
      Box box = from;
      for (std::size_t d = 0; d < output.projection.size(); ++d) {
        const AffineExpression& expression = output.projection[d];
        if (expression.terms.empty()) {
          if (!target.dimensions[d].contains(expression.constant)) box.dimensions.front() = IntervalSet();
          continue;
        }
        const AffineTerm& term = expression.terms.front();  // coefficient 1, see the loader
        box.dimensions[term.rank] =
            intersect(box.dimensions[term.rank], shift(target.dimensions[d], -expression.constant));
      }
      result.unite(box);
    }
  }
  return result;
}

Box operation_space(const EinsumGraph& graph, EinsumId einsum) {
  Box box;
  for (RankId rank : graph.einsums[einsum].ranks) {
    box.dimensions.emplace_back(graph.ranks[rank].low, graph.ranks[rank].high);
  }
  return box;
}

}  // namespace loopsim
