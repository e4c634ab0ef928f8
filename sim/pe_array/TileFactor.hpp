#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/pe_array/ArrayPoint.hpp"
#include "sim/pe_array/PositionKey.hpp"
#include "sim/pe_array/RankGrid.hpp"

namespace loopsim {

/// A tile of a box of operations is a product of factors: sets over tensor dimensions that have no rank in common.
/// Instances, too, are a product: each spatial loop tiles a rank of one factor. Counting over instances is therefore
/// a product of counts over the places within each factor. A rank that the tensor does not use is a factor without
/// dimensions: its set says only which instances work.
struct TileFactor {
  std::vector<std::size_t> ranks;
  std::vector<std::size_t> dimensions;
  TensorAccess access;                   ///< to those dimensions
  std::vector<ExtentDimension> extents;  ///< of those dimensions, if the point is clipped
};

/// The factors of a point's tensor. With an extent that is no box there is one factor for all dimensions.
std::vector<TileFactor> tile_factors(const BoundTree& tree, const Einsum& einsum, const ArrayPoint& point);

/// What is taken away from a tile: the previous tile of the same instance, or of a neighbour along the first or second
/// own axis. Bits of a mask.
using Sources = std::uint32_t;
constexpr Sources own_previous = 1;
constexpr Sources neighbour(std::size_t axis, bool up) {
  return Sources(2) << (2 * axis + (up ? 1 : 0));
}
constexpr std::size_t max_sources = 5;

/// The words of a factor's tiles that are in all of some sources and in none of some others.
struct FactorPart {
  Sources in = 0;
  Sources out = 0;

  friend bool operator<(FactorPart a, FactorPart b) { return a.in != b.in ? a.in < b.in : a.out < b.out; }
};

/// A part in numbers. `unions` has one set for each group of places that share an instance of the parent.
struct FactorWords {
  std::vector<std::int64_t> sizes;  ///< of each place
  std::int64_t total = 0;
  std::vector<PointSet> unions;
  std::vector<std::int64_t> union_sizes;
  std::int64_t union_total = 0;
  bool empty() const { return total == 0; }
};

/// One factor's tiles in one change from previous tiles to current ones, at all places.
class FactorTiles {
 public:
  /// One combination of the indices of the spatial loops that tile the factor's ranks.
  struct Place {
    std::size_t group = 0;
    PointSet touched;
    PointSet held;  ///< of those, the words within the extent
    PointSet sources[max_sources];
  };

  FactorTiles(std::vector<Place> places, std::size_t groups) : places_(std::move(places)), groups_(groups) {}

  const FactorWords& touched(FactorPart part) { return counts(touched_, part, &Place::touched); }
  const FactorWords& held(FactorPart part) { return counts(held_, part, &Place::held); }
  /// The words of a part at each place.
  std::vector<PointSet> sets(FactorPart part, bool held) const;
  std::size_t places() const { return places_.size(); }
  std::size_t groups() const { return groups_; }

 private:
  using Known = std::map<FactorPart, FactorWords>;
  static PointSet words(const Place& place, FactorPart part, PointSet Place::*tile);
  const FactorWords& counts(Known& known, FactorPart part, PointSet Place::*tile) const;

  std::vector<Place> places_;
  std::size_t groups_;
  Known touched_;
  Known held_;
};

}  // namespace loopsim
