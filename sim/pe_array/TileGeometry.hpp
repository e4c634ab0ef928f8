#pragma once

#include <cstdint>
#include <vector>

#include "sim/pe_array/ArrayPoint.hpp"
#include "sim/pe_array/StepDemand.hpp"

namespace loopsim {

/// What the instances of a node execute, up to translation: interned by a TileGeometry.
using ShapeId = std::uint32_t;
/// One coordinate for each rank of the einsum.
using RankVector = std::vector<Coordinate>;

/// Operations of all working instances at a node in one iteration: a shape, and where it lies. `base` is the least
/// coordinate of each rank over all of them.
struct TileState {
  ShapeId shape = 0;
  RankVector base;
};

/// One iteration of a loop within a shape; offset from the outer shape's base to the inner one's.
struct TileSlice {
  Coordinate index = 0;
  ShapeId shape = 0;
  RankVector offset;
};

struct ShapeFacts {
  RankVector lengths;           ///< of each rank, from the least to the greatest coordinate
  std::int64_t operations = 0;  ///< of all instances
};

/// What happens at a traffic point in one visit of its node.
struct PointVisit {
  ArrayTraffic traffic;
  DemandId demand = 0;
};

/// Words that a visit moves between a point and one instance of its parent, each once; disjoint boxes.
struct MovedBoxes {
  std::vector<Box> read;  ///< of an output: without those whose accumulation begins
  std::vector<Box> written;
};

/// The tiles that the loops of a program cut out of a tile operation. Shapes do not know where they lie, so whatever is
/// asked of a shape is worked out once; only `visit` sees positions, because extents are absolute.
class TileGeometry {
 public:
  virtual ~TileGeometry() = default;

  /// Iterations of a temporal loop, all instances in lock step; `node` = position in ArrayProgram::nodes.
  virtual const std::vector<TileSlice>& iterations(std::size_t node, ShapeId shape) = 0;
  /// The instances of a spatial loop.
  virtual const TileSlice& split(std::size_t node, ShapeId shape) = 0;
  virtual const ShapeFacts& facts(ShapeId shape) = 0;

  /// The tiles change from those of `previous` (nothing: the buffers are empty) to those of `current`, both as they are
  /// at the point's node. `advanced`: the innermost temporal loop above went on by one, so neighbours may hold words.
  virtual PointVisit visit(std::size_t point, const TileState& current, const TileState* previous, bool advanced) = 0;
  /// The same visit's words, of each instance of the parent that has any. Of points whose parent has banks.
  virtual std::vector<MovedBoxes> moved_words(std::size_t point, const TileState& current, const TileState* previous,
                                              bool advanced) = 0;
};

}  // namespace loopsim
