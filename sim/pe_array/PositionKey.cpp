#include "sim/pe_array/PositionKey.hpp"

#include <algorithm>

namespace loopsim {

namespace {

constexpr std::int64_t inside = 0;
constexpr std::int64_t outside = 1;
constexpr std::int64_t crossing = 2;  // the position follows

std::int64_t coefficient_of(const AffineExpression& expression, std::size_t rank) {
  for (const AffineTerm& term : expression.terms) {
    if (term.rank == rank) return term.coefficient;
  }
  return 0;
}

/// Whether a step along `rank` moves the words of the two accesses differently.
bool parts(const TensorAccess& a, const TensorAccess& b, std::size_t rank) {
  for (std::size_t d = 0; d < a.projection.size(); ++d) {
    if (coefficient_of(a.projection[d], rank) != coefficient_of(b.projection[d], rank)) return true;
  }
  return false;
}

}  // namespace

std::vector<Coordinate> word_at(const TensorAccess& access, const RankVector& operation) {
  std::vector<Coordinate> word;
  for (const AffineExpression& expression : access.projection) {
    word.push_back(expression.constant);
    for (const AffineTerm& term : expression.terms) word.back() += term.coefficient * operation[term.rank];
  }
  return word;
}

ExtentDimension::ExtentDimension(const AffineExpression& expression, const PointSet& extent, std::size_t dimension)
    : expression_(&expression) {
  if (extent.boxes().size() != 1 || extent.boxes().front().dimensions[dimension].runs().size() != 1) return;
  is_interval_ = true;
  extent_ = extent.boxes().front().dimensions[dimension].runs().front();
}

void ExtentDimension::append(std::vector<std::int64_t>& key, const RankVector& base, const RankVector& lengths) const {
  Coordinate position = 0;
  Coordinate least = expression_->constant;
  Coordinate greatest = least;
  for (const AffineTerm& term : expression_->terms) {
    const Coordinate at = term.coefficient * base[term.rank];
    const Coordinate reach = term.coefficient * (lengths[term.rank] - 1);
    position += at;
    least += at + std::min<Coordinate>(reach, 0);
    greatest += at + std::max<Coordinate>(reach, 0);
  }
  if (is_interval_ && extent_.low <= least && greatest < extent_.high) {
    key.push_back(inside);
  } else if (is_interval_ && (greatest < extent_.low || extent_.high <= least)) {
    key.push_back(outside);
  } else {
    key.push_back(crossing);
    key.push_back(position);
  }
}

PositionKey::PositionKey(const BoundTree& tree, EinsumId id, const std::vector<ArrayPoint>& points) {
  const Einsum& einsum = tree.graph.einsums[id];
  std::vector<const TensorAccess*> seen;
  for (const ArrayPoint& point : points) {
    if (point.lines) banked_.push_back({point.accesses.front(), &*point.lines});
    if (!point.clipped) continue;
    for (const TensorAccess* access : point.accesses) {
      if (std::find(seen.begin(), seen.end(), access) != seen.end()) continue;
      seen.push_back(access);
      for (std::size_t d = 0; d < access->projection.size(); ++d) {
        dimensions_.emplace_back(access->projection[d], tree.tensors[access->tensor].extent, d);
      }
    }
  }
  for (std::size_t rank = 0; rank < einsum.ranks.size(); ++rank) {
    const bool parted = std::any_of(points.begin(), points.end(), [&](const ArrayPoint& point) {
      return std::any_of(point.accesses.begin(), point.accesses.end(),
                         [&](const TensorAccess* access) { return parts(*point.accesses.front(), *access, rank); });
    });
    if (parted) parted_.push_back(rank);
  }
  for (std::size_t rank : reduction_ranks(einsum)) {
    starts_.push_back({rank, tree.graph.ranks[einsum.ranks[rank]].low});
  }
}

void PositionKey::append(std::vector<std::int64_t>& key, const RankVector& base, const RankVector& lengths) const {
  for (const ExtentDimension& dimension : dimensions_) dimension.append(key, base, lengths);
  for (const std::size_t rank : parted_) key.push_back(base[rank]);
  for (const Start& start : starts_) key.push_back(base[start.rank] == start.low);
  for (const Banked& banked : banked_) banked.lines->append_position(key, word_at(*banked.access, base));
}

}  // namespace loopsim
