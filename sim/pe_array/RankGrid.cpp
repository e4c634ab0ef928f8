#include "sim/pe_array/RankGrid.hpp"

#include <algorithm>
#include <limits>

#include "mapping/tiles/LoopSlice.hpp"

namespace loopsim {

namespace {

/// Tiles of one set, by index; empty ones are left out.
template <class Emit>
void for_each_tile(const BoundNode& loop, const IntervalSet& set, Emit emit) {
  if (set.empty()) return;
  const std::int64_t shape = tile_shape_of(loop, set.greatest() + 1 - set.least());
  for (Coordinate i = 0, low = set.least(); low <= set.greatest(); ++i, low += shape) {
    IntervalSet tile = intersect(set, IntervalSet(low, low + shape));
    if (!tile.empty()) emit(i, std::move(tile));
  }
}

struct PlacedSet {
  std::vector<std::size_t> place;
  IntervalSet set;
};

RankGrid grid_of(const std::vector<PlacedSet>& pieces, std::size_t axes) {
  RankGrid grid;
  grid.sizes.assign(axes, 0);
  for (const PlacedSet& piece : pieces) {
    for (std::size_t a = 0; a < axes; ++a) grid.sizes[a] = std::max(grid.sizes[a], piece.place[a] + 1);
  }
  std::size_t count = 1;
  for (std::size_t size : grid.sizes) count *= size;
  grid.sets.resize(count);
  for (const PlacedSet& piece : pieces) {
    std::size_t at = 0;
    for (std::size_t a = 0; a < axes; ++a) at = at * grid.sizes[a] + piece.place[a];
    grid.sets[at] = unite(grid.sets[at], piece.set);
  }
  return grid;
}

std::vector<PlacedSet> pieces_of(const RankGrid& grid) {
  std::vector<PlacedSet> pieces;
  for (std::size_t i = 0; i < grid.sets.size(); ++i) {
    if (grid.sets[i].empty()) continue;
    PlacedSet piece{std::vector<std::size_t>(grid.sizes.size()), grid.sets[i]};
    std::size_t rest = i;
    for (std::size_t a = grid.sizes.size(); a-- > 0; rest /= grid.sizes[a]) piece.place[a] = rest % grid.sizes[a];
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

}  // namespace

RankGridId RankGrids::intern(RankGrid grid, Coordinate& least) {
  least = std::numeric_limits<Coordinate>::max();
  Coordinate greatest = std::numeric_limits<Coordinate>::min();
  for (const IntervalSet& set : grid.sets) {
    if (set.empty()) continue;
    least = std::min(least, set.least());
    greatest = std::max(greatest, set.greatest());
  }
  std::vector<std::int64_t> key(grid.sizes.begin(), grid.sizes.end());
  for (IntervalSet& set : grid.sets) {
    set = shift(set, -least);
    key.push_back(static_cast<std::int64_t>(set.runs().size()));
    for (const Interval run : set.runs()) {
      key.push_back(run.low);
      key.push_back(run.high);
    }
  }
  key.push_back(static_cast<std::int64_t>(grid.sizes.size()));
  const auto [found, added] = ids_.emplace(std::move(key), static_cast<RankGridId>(grids_.size()));
  if (added) {
    grid.length = greatest - least + 1;
    for (const IntervalSet& set : grid.sets) grid.total += set.size();
    grids_.push_back(std::move(grid));
  }
  return found->second;
}

RankGridId RankGrids::whole(const IntervalSet& coordinates, Coordinate& least) {
  RankGrid grid;
  grid.sets.push_back(coordinates);
  return intern(std::move(grid), least);
}

const std::vector<RankSlice>& RankGrids::iterations(std::size_t key, const BoundNode& loop, RankGridId id) {
  const auto [found, added] = iterations_.try_emplace(key_of(key, id));
  if (!added) return found->second;
  std::vector<RankGrid> at_index;
  for (std::size_t i = 0; i < grids_[id].sets.size(); ++i) {
    for_each_tile(loop, grids_[id].sets[i], [&](Coordinate index, IntervalSet tile) {
      const auto at = static_cast<std::size_t>(index);
      if (at_index.size() <= at) at_index.resize(at + 1);
      at_index[at].sizes = grids_[id].sizes;
      at_index[at].sets.resize(grids_[id].sets.size());
      at_index[at].sets[i] = std::move(tile);
    });
  }
  for (std::size_t index = 0; index < at_index.size(); ++index) {
    if (at_index[index].sets.empty()) continue;
    RankSlice slice;
    slice.index = static_cast<Coordinate>(index);
    slice.grid = intern(std::move(at_index[index]), slice.offset);
    found->second.push_back(slice);
  }
  return found->second;
}

RankGridId RankGrids::split(std::size_t key, const std::vector<const BoundNode*>& loops, RankGridId id) {
  const auto [found, added] = splits_.try_emplace(key_of(key, id));
  if (!added) return found->second;
  std::vector<PlacedSet> pieces = pieces_of(grids_[id]);
  std::size_t axes = grids_[id].sizes.size();
  for (const BoundNode* loop : loops) {
    const bool spatial = loop->kind == NodeKind::spatial;
    std::vector<PlacedSet> inner;
    for (const PlacedSet& piece : pieces) {
      for_each_tile(*loop, piece.set, [&](Coordinate index, IntervalSet tile) {
        inner.push_back({piece.place, std::move(tile)});
        if (spatial) inner.back().place.push_back(static_cast<std::size_t>(index));
      });
    }
    pieces = std::move(inner);
    if (spatial) ++axes;
  }
  Coordinate least = 0;  // stays where it is: all coordinates remain
  found->second = intern(grid_of(pieces, axes), least);
  return found->second;
}

}  // namespace loopsim
