#pragma once

#include <cstdint>
#include <vector>

#include "sim/pe_array/TileFactor.hpp"

namespace loopsim {

/// Counts words of tiles that are products of factors, over all instances.
class TileProduct {
 public:
  /// Disjoint products, each a part of every factor, whose union is some words of every instance's tile.
  using Pieces = std::vector<std::vector<FactorPart>>;

  /// `held`: only words within the extent.
  TileProduct(const std::vector<FactorTiles*>& factors, bool held) : factors_(factors), held_(held) {}

  Pieces whole() const { return {std::vector<FactorPart>(factors_.size())}; }
  /// What is not in the product of one source of each factor.
  Pieces subtract(const Pieces& pieces, const std::vector<Sources>& sources) const;

  /// Words of all instances together.
  std::int64_t total(const Pieces& pieces) const;
  std::vector<std::int64_t> by_instance(const Pieces& pieces) const;
  std::int64_t largest_whole() const;
  /// Words that differ among the instances of one parent, of all parents together.
  std::int64_t distinct(const Pieces& pieces) const;
  std::int64_t largest_distinct(const Pieces& pieces) const;

  /// One set for each factor and group of places.
  using Unions = std::vector<std::vector<PointSet>>;
  /// Words that differ among the instances of one parent, as disjoint products.
  std::vector<Unions> disjoint_unions(const Pieces& pieces) const;

 private:
  const FactorWords& counts(std::size_t factor, FactorPart part) const {
    return held_ ? factors_[factor]->held(part) : factors_[factor]->touched(part);
  }
  const std::vector<FactorTiles*>& factors_;
  bool held_;
};

}  // namespace loopsim
