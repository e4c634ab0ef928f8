#pragma once

#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "sim/pe_array/NumbersHash.hpp"
#include "sim/pe_array/TileGeometry.hpp"
#include "sim/pe_array/WordShare.hpp"

namespace loopsim {

/// A working instance: where it sits and what it executes.
struct ArrayInstance {
  Place place;
  PointSet operations;
};

/// Tile geometry for operation sets of any form and any number of lanes: holds every instance by itself.
class InstanceGeometry : public TileGeometry {
 public:
  InstanceGeometry(const BoundTree& tree, const ArrayProgram& program, const std::vector<ArrayPoint>& points,
                   DemandTable& demands);

  /// Lanes without operations idle; at least one must work.
  TileState state_of(const std::vector<ArrayLane>& lanes);
  /// The same from working instances at any node.
  TileState state_of(std::vector<ArrayInstance> instances);

  const std::vector<TileSlice>& iterations(std::size_t node, ShapeId shape) override;
  const TileSlice& split(std::size_t node, ShapeId shape) override;
  const ShapeFacts& facts(ShapeId shape) override { return shapes_[shape].facts; }
  PointVisit visit(std::size_t point, const TileState& current, const TileState* previous, bool advanced) override;

  /// Words that a visit moves between the point and one instance of its parent, each once.
  struct ParentWords {
    PointSet words;
    PointSet read;  ///< of an output: without those whose accumulation begins
  };
  /// Whether every instance that works has the same words as before; others may idle.
  bool keeps_tiles(std::size_t point, const TileState& current, const TileState& previous);
  /// Of every instance of the parent that has any.
  std::vector<ParentWords> parent_words(std::size_t point, const TileState& current, const TileState* previous,
                                        bool advanced);
  std::vector<MovedBoxes> moved_words(std::size_t point, const TileState& current, const TileState* previous,
                                      bool advanced) override;

 private:
  struct Shape {
    std::vector<ArrayInstance> instances;  ///< by place; coordinates relative to the base
    ShapeFacts facts;
  };
  /// Words of each instance, by place.
  using Tiles = std::map<Place, PointSet>;

  /// Instances as the point sees them: split down to its level's last storage node, temporal loops united.
  const std::vector<ArrayInstance>& instances_of(std::size_t point, ShapeId shape);
  std::vector<WordShare> shares_of(const Tiles& words, const PointSet& beginning) const;
  Tiles tiles_of(std::size_t point, const TileState& state);
  struct Taken {
    PointSet fill;  ///< what the instance has not held before
    PointSet rest;  ///< of that, what no neighbour gives
  };
  static Taken taken_by(const ArrayPoint& point, const Place& place, const PointSet& tile, const Tiles& before,
                        bool advanced);
  static std::int64_t taken_again(const ArrayPoint& point, const Tiles& rest, const Tiles& before);
  static PointSet held_before(const ArrayPoint& point, const Place& place, const Tiles& tiles);
  /// Without words that lie outside the tensor and are only counted as touched.
  PointSet moved(const ArrayPoint& point, const PointSet& words) const;
  PointSet words(const ArrayPoint& point, const PointSet& operations) const;
  PointSet beginning_words(const ArrayPoint& point, const TileState& state);

  const BoundTree& tree_;
  const ArrayProgram& program_;
  const std::vector<ArrayPoint>& points_;
  DemandTable& demands_;
  std::vector<PeNode> strides_;  ///< by position in the place
  std::vector<std::size_t> reduction_ranks_;
  std::deque<Shape> shapes_;
  std::unordered_map<std::vector<std::int64_t>, ShapeId, NumbersHash> ids_;
  std::map<std::pair<std::size_t, ShapeId>, std::vector<TileSlice>> iterations_;
  std::map<std::pair<std::size_t, ShapeId>, TileSlice> splits_;
  std::map<std::pair<std::size_t, ShapeId>, std::vector<ArrayInstance>> extended_;
};

}  // namespace loopsim
