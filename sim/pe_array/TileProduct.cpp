#include "sim/pe_array/TileProduct.hpp"

#include <algorithm>

namespace loopsim {

namespace {

/// Adds the outer product of the factors' numbers to `sums`.
void add_products(const std::vector<const std::vector<std::int64_t>*>& factors, std::vector<std::int64_t>& sums) {
  std::vector<std::int64_t> products{1};
  for (const std::vector<std::int64_t>* factor : factors) {
    std::vector<std::int64_t> next;
    next.reserve(products.size() * factor->size());
    for (const std::int64_t outer : products) {
      for (const std::int64_t inner : *factor) next.push_back(outer * inner);
    }
    products = std::move(next);
  }
  sums.resize(products.size());
  for (std::size_t i = 0; i < products.size(); ++i) sums[i] += products[i];
}

bool all_empty(const std::vector<PointSet>& sets) {
  return std::all_of(sets.begin(), sets.end(), [](const PointSet& set) { return set.empty(); });
}

std::vector<std::int64_t> sizes_of(const std::vector<PointSet>& sets) {
  std::vector<std::int64_t> sizes;
  for (const PointSet& set : sets) sizes.push_back(set.size());
  return sizes;
}

}  // namespace

TileProduct::Pieces TileProduct::subtract(const Pieces& pieces, const std::vector<Sources>& sources) const {
  // A \ B of products: cut off what lies outside B in the first factor, of the rest what lies outside in the second, …
  Pieces result;
  for (std::vector<FactorPart> piece : pieces) {
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      const FactorPart part = piece[f];
      const FactorPart outside{part.in, part.out | sources[f]};
      if (!counts(f, outside).empty()) {
        result.push_back(piece);
        result.back()[f] = outside;
      }
      piece[f].in |= sources[f];
      if (counts(f, piece[f]).empty()) break;
    }
  }
  return result;
}

std::int64_t TileProduct::total(const Pieces& pieces) const {
  std::int64_t sum = 0;
  for (const std::vector<FactorPart>& piece : pieces) {
    std::int64_t product = 1;
    for (std::size_t f = 0; f < factors_.size(); ++f) product *= counts(f, piece[f]).total;
    sum += product;
  }
  return sum;
}

std::vector<std::int64_t> TileProduct::by_instance(const Pieces& pieces) const {
  std::vector<std::int64_t> sums;
  for (const std::vector<FactorPart>& piece : pieces) {
    std::vector<const std::vector<std::int64_t>*> sizes;
    for (std::size_t f = 0; f < factors_.size(); ++f) sizes.push_back(&counts(f, piece[f]).sizes);
    add_products(sizes, sums);
  }
  return sums;
}

std::int64_t TileProduct::largest_whole() const {
  std::int64_t product = 1;
  for (std::size_t f = 0; f < factors_.size(); ++f) {
    const std::vector<std::int64_t>& sizes = counts(f, {}).sizes;
    product *= *std::max_element(sizes.begin(), sizes.end());
  }
  return product;
}

/// Unions over instances of different pieces may meet: takes from each what the ones before it have.
std::vector<TileProduct::Unions> TileProduct::disjoint_unions(const Pieces& pieces) const {
  std::vector<Unions> originals;
  std::vector<Unions> result;
  for (const std::vector<FactorPart>& piece : pieces) {
    Unions unions;
    for (std::size_t f = 0; f < factors_.size(); ++f) unions.push_back(counts(f, piece[f]).unions);
    std::vector<Unions> rest{unions};
    for (const Unions& before : originals) {
      std::vector<Unions> next;
      for (Unions& candidate : rest) {
        for (std::size_t f = 0; f < factors_.size(); ++f) {
          std::vector<PointSet> outside = candidate[f];
          for (std::size_t g = 0; g < outside.size(); ++g) outside[g].subtract(before[f][g]);
          if (!all_empty(outside)) {
            next.push_back(candidate);
            next.back()[f] = std::move(outside);
          }
          for (std::size_t g = 0; g < candidate[f].size(); ++g) {
            candidate[f][g] = intersect(candidate[f][g], before[f][g]);
          }
          if (all_empty(candidate[f])) break;
        }
      }
      rest = std::move(next);
    }
    originals.push_back(std::move(unions));
    result.insert(result.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  }
  return result;
}

std::int64_t TileProduct::distinct(const Pieces& pieces) const {
  if (pieces.size() == 1) {
    std::int64_t product = 1;
    for (std::size_t f = 0; f < factors_.size(); ++f) product *= counts(f, pieces.front()[f]).union_total;
    return product;
  }
  std::int64_t sum = 0;
  for (const Unions& unions : disjoint_unions(pieces)) {
    std::int64_t product = 1;
    for (const std::vector<PointSet>& sets : unions) {
      std::int64_t size = 0;
      for (const PointSet& set : sets) size += set.size();
      product *= size;
    }
    sum += product;
  }
  return sum;
}

std::int64_t TileProduct::largest_distinct(const Pieces& pieces) const {
  std::vector<std::int64_t> sums;
  for (const Unions& unions : disjoint_unions(pieces)) {
    std::vector<std::vector<std::int64_t>> sizes;
    std::vector<const std::vector<std::int64_t>*> factors;
    for (const std::vector<PointSet>& sets : unions) sizes.push_back(sizes_of(sets));
    for (const std::vector<std::int64_t>& one : sizes) factors.push_back(&one);
    add_products(factors, sums);
  }
  return sums.empty() ? 0 : *std::max_element(sums.begin(), sums.end());
}

}  // namespace loopsim
