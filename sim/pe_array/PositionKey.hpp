#pragma once

#include <cstdint>
#include <vector>

#include "sim/pe_array/TileGeometry.hpp"

namespace loopsim {

/// The word that an operation reaches.
std::vector<Coordinate> word_at(const TensorAccess& access, const RankVector& operation);

/// One dimension of a tensor's extent as operations see it.
class ExtentDimension {
 public:
  ExtentDimension(const AffineExpression& expression, const PointSet& extent, std::size_t dimension);

  /// Appends numbers that are equal for tiles of one shape that the extent cuts alike: well inside, outside, or at the
  /// same place. `base` and `lengths` of each rank.
  void append(std::vector<std::int64_t>& key, const RankVector& base, const RankVector& lengths) const;

 private:
  const AffineExpression* expression_;
  bool is_interval_ = false;
  Interval extent_;
};

/// What an outcome depends on besides shapes: how a tile lies to the extents of the tensors that it can cross, and
/// whether it holds the least coordinate of each reduction rank, where accumulation begins; and where its words lie in
/// the lines and banks of level 1.
class PositionKey {
 public:
  PositionKey(const BoundTree& tree, EinsumId einsum, const std::vector<ArrayPoint>& points);

  void append(std::vector<std::int64_t>& key, const RankVector& base, const RankVector& lengths) const;

 private:
  struct Start {
    std::size_t rank;
    Coordinate low;
  };
  std::vector<ExtentDimension> dimensions_;
  /// Ranks along which two accesses to one tensor move apart: how their words meet depends on the position.
  std::vector<std::size_t> parted_;
  std::vector<Start> starts_;
  /// A tensor in the banks of level 1: how many lines a tile touches, and in which banks, depends on where it lies.
  struct Banked {
    const TensorAccess* access;
    const TensorLines* lines;
  };
  std::vector<Banked> banked_;
};

}  // namespace loopsim
