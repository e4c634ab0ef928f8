#include "sim/pe_array/TileFactor.hpp"

#include <algorithm>
#include <numeric>

namespace loopsim {

namespace {

/// Representative of each rank or dimension; dimensions come after the ranks.
class Components {
 public:
  explicit Components(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0); }
  std::size_t find(std::size_t x) const {
    while (parent_[x] != x) x = parent_[x];
    return x;
  }
  void join(std::size_t a, std::size_t b) { parent_[find(a)] = find(b); }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace

std::vector<TileFactor> tile_factors(const BoundTree& tree, const Einsum& einsum, const ArrayPoint& point) {
  const TensorAccess& access = *point.accesses.front();
  const PointSet& extent = tree.tensors[access.tensor].extent;
  const std::size_t ranks = einsum.ranks.size();
  const std::size_t dimensions = access.projection.size();
  Components components(ranks + dimensions);
  for (std::size_t d = 0; d < dimensions; ++d) {
    for (const AffineTerm& term : access.projection[d].terms) components.join(term.rank, ranks + d);
    if (d > 0 && point.clipped && extent.boxes().size() != 1) components.join(ranks, ranks + d);
  }
  std::vector<TileFactor> factors;
  for (std::size_t root = 0; root < ranks + dimensions; ++root) {
    if (components.find(root) != root) continue;
    TileFactor factor;
    factor.access.tensor = access.tensor;
    for (std::size_t r = 0; r < ranks; ++r) {
      if (components.find(r) == root) factor.ranks.push_back(r);
    }
    for (std::size_t d = 0; d < dimensions; ++d) {
      if (components.find(ranks + d) != root) continue;
      factor.dimensions.push_back(d);
      factor.access.projection.push_back(access.projection[d]);
      if (point.clipped) factor.extents.emplace_back(access.projection[d], extent, d);
    }
    factors.push_back(std::move(factor));
  }
  return factors;
}

std::vector<PointSet> FactorTiles::sets(FactorPart part, bool held) const {
  std::vector<PointSet> result;
  for (const Place& place : places_) result.push_back(words(place, part, held ? &Place::held : &Place::touched));
  return result;
}

PointSet FactorTiles::words(const Place& place, FactorPart part, PointSet Place::*tile) {
  PointSet words = place.*tile;
  for (std::size_t s = 0; s < max_sources; ++s) {
    if ((part.in >> s) & 1U) words = intersect(words, place.sources[s]);
    if ((part.out >> s) & 1U) words.subtract(place.sources[s]);
  }
  return words;
}

const FactorWords& FactorTiles::counts(Known& known, FactorPart part, PointSet Place::*tile) const {
  const auto [found, added] = known.try_emplace(part);
  FactorWords& counts = found->second;
  if (!added) return counts;
  counts.unions.resize(groups_);
  for (const Place& place : places_) {
    const PointSet words = FactorTiles::words(place, part, tile);
    counts.sizes.push_back(words.size());
    counts.total += counts.sizes.back();
    counts.unions[place.group].unite(words);
  }
  for (const PointSet& words : counts.unions) {
    counts.union_sizes.push_back(words.size());
    counts.union_total += counts.union_sizes.back();
  }
  return counts;
}

}  // namespace loopsim
