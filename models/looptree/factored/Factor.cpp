#include "models/looptree/factored/Factor.hpp"

#include <algorithm>

#include "base/CheckedMath.hpp"

namespace loopsim {

std::optional<std::vector<Factor>> factors_of(const BoundTree& tree, const AccessPath& path, const LeafLoops& leaf) {
  if (path.accesses.size() != 1) return std::nullopt;
  const TensorAccess& access = *path.accesses.front();
  const Einsum& einsum = tree.graph.einsums[path.einsum];
  const PointSet& extent = tree.tensors[path.tensor].extent;
  if (tree.zero_padding && extent.boxes().size() != 1) return std::nullopt;

  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> factor_of_rank(einsum.ranks.size(), none);
  std::vector<Factor> factors;
  for (std::size_t d = 0; d < access.projection.size(); ++d) {
    Factor factor;
    factor.expression = &access.projection[d];
    if (tree.zero_padding) factor.extent = extent.boxes().front().dimensions[d];
    for (const AffineTerm& term : factor.expression->terms) {
      if (factor_of_rank[term.rank] != none) return std::nullopt;
      factor_of_rank[term.rank] = factors.size();
      factor.ranks.push_back(term.rank);
    }
    factors.push_back(std::move(factor));
  }
  for (const PathIndex& index : path.indices) {
    const auto at = std::find(leaf.loops.begin(), leaf.loops.end(), index.node);
    if (at == leaf.loops.end()) continue;
    const BoundNode& node = tree.nodes[index.node];
    std::size_t& home = factor_of_rank[node.rank];
    if (home == none) {
      home = factors.size();
      factors.emplace_back().ranks.push_back(node.rank);
    }
    Factor& factor = factors[home];
    const auto rank = std::find(factor.ranks.begin(), factor.ranks.end(), node.rank);
    factor.loops.push_back({index.node, static_cast<std::size_t>(rank - factor.ranks.begin()),
                            static_cast<std::size_t>(at - leaf.loops.begin()), index.role,
                            most_iterations(tree, node)});
  }
  if (!std::all_of(factors.begin(), factors.end(), indices_fit)) return std::nullopt;
  return factors;
}

std::vector<std::uint64_t> digit_weights(const Factor& factor, IndexRole role) {
  std::vector<std::uint64_t> weights(factor.loops.size());
  std::uint64_t weight = 1;
  for (std::size_t i = factor.loops.size(); i-- > 0;) {
    if (factor.loops[i].role != role) continue;
    weights[i] = weight;
    weight *= factor.loops[i].radix;
  }
  return weights;
}

std::uint64_t most_iterations(const BoundTree& tree, const BoundNode& loop) {
  const Einsum& head = tree.graph.einsums[loop.head];
  const Rank& rank = tree.graph.ranks[head.ranks[loop.rank]];
  const std::int64_t extent = rank.high - rank.low;
  const std::int64_t by_shape = loop.tile_shape ? ceil_divide(extent, *loop.tile_shape) : extent;
  return static_cast<std::uint64_t>(loop.factor ? std::min(by_shape, *loop.factor) : by_shape);
}

bool indices_fit(const Factor& factor) {
  std::uint64_t product = 1;
  for (const FactorLoop& loop : factor.loops) {
    if (__builtin_mul_overflow(product, loop.radix, &product)) return false;
  }
  for (const OuterLane& lane : factor.outer_lanes) {
    if (__builtin_mul_overflow(product, lane.radix, &product)) return false;
  }
  return true;
}

std::vector<Digit> lane_digits(const Factor& factor) {
  std::vector<Digit> digits;
  const std::vector<std::uint64_t> weights = digit_weights(factor, IndexRole::lane);
  std::uint64_t weight = 1;
  for (std::size_t l = 0; l < factor.loops.size(); ++l) {
    if (factor.loops[l].role != IndexRole::lane) continue;
    digits.push_back({weights[l], factor.loops[l].radix});
    weight *= factor.loops[l].radix;
  }
  for (std::size_t l = factor.outer_lanes.size(); l-- > 0;) {
    digits.insert(digits.begin(), {weight, factor.outer_lanes[l].radix});
    weight *= factor.outer_lanes[l].radix;
  }
  return digits;
}

}  // namespace loopsim
