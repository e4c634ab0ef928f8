#include "sim/pe_array/InstanceGeometry.hpp"

#include <algorithm>
#include <limits>

#include "mapping/sets/Projection.hpp"
#include "mapping/tiles/LoopSlice.hpp"
#include "sim/pe_array/VisitDemand.hpp"
#include "sim/schedule/LoopTiles.hpp"

namespace loopsim {

namespace {

PointSet shift(const PointSet& set, const RankVector& offset, std::int64_t sign) {
  PointSet result;
  for (const Box& box : set.boxes()) {
    Box moved;
    for (std::size_t d = 0; d < box.dimensions.size(); ++d) {
      moved.dimensions.push_back(shift(box.dimensions[d], sign * offset[d]));
    }
    result.unite(moved);
  }
  return result;
}

Place prefix(const Place& place, std::size_t length) {
  return Place(place.begin(), place.begin() + static_cast<std::ptrdiff_t>(length));
}

/// Which of the instances that share their own level's spatial loops it is.
Place without_own(const ArrayPoint& point, Place place) {
  for (const std::size_t axis : point.level_axes) place[axis] = 0;
  return place;
}

TileSlice slice_of(Coordinate index, TileState state) {
  return {index, state.shape, std::move(state.base)};
}

}  // namespace

InstanceGeometry::InstanceGeometry(const BoundTree& tree, const ArrayProgram& program,
                                   const std::vector<ArrayPoint>& points, DemandTable& demands)
    : tree_(tree),
      program_(program),
      points_(points),
      demands_(demands),
      strides_(pe_strides(tree, program)),
      reduction_ranks_(reduction_ranks(tree.graph.einsums[program.einsum])) {}

TileState InstanceGeometry::state_of(const std::vector<ArrayLane>& lanes) {
  std::vector<ArrayInstance> instances;
  for (const ArrayLane& lane : lanes) {
    if (!lane.operations.empty()) instances.push_back({lane.place, lane.operations});
  }
  return state_of(std::move(instances));
}

TileState InstanceGeometry::state_of(std::vector<ArrayInstance> instances) {
  std::sort(instances.begin(), instances.end(),
            [](const ArrayInstance& a, const ArrayInstance& b) { return a.place < b.place; });
  const std::size_t ranks = tree_.graph.einsums[program_.einsum].ranks.size();
  RankVector least(ranks, std::numeric_limits<Coordinate>::max());
  RankVector greatest(ranks, std::numeric_limits<Coordinate>::min());
  for (const ArrayInstance& instance : instances) {
    const std::vector<Interval> hull = bounds(instance.operations);
    for (std::size_t r = 0; r < ranks; ++r) {
      least[r] = std::min(least[r], hull[r].low);
      greatest[r] = std::max(greatest[r], hull[r].high);
    }
  }
  Shape shape;
  std::vector<std::int64_t> key;
  for (ArrayInstance& instance : instances) {
    instance.operations = shift(instance.operations, least, -1);
    shape.facts.operations += instance.operations.size();
    key.insert(key.end(), instance.place.begin(), instance.place.end());
    key.push_back(static_cast<std::int64_t>(instance.operations.boxes().size()));
    for (const Box& box : instance.operations.boxes()) {
      for (const IntervalSet& dimension : box.dimensions) {
        key.push_back(static_cast<std::int64_t>(dimension.runs().size()));
        for (const Interval run : dimension.runs()) {
          key.push_back(run.low);
          key.push_back(run.high);
        }
      }
    }
  }
  key.push_back(static_cast<std::int64_t>(instances.front().place.size()));
  const auto [found, added] = ids_.emplace(std::move(key), static_cast<ShapeId>(shapes_.size()));
  if (added) {
    shape.instances = std::move(instances);
    for (std::size_t r = 0; r < ranks; ++r) shape.facts.lengths.push_back(greatest[r] - least[r]);
    shapes_.push_back(std::move(shape));
  }
  return {found->second, least};
}

const std::vector<TileSlice>& InstanceGeometry::iterations(std::size_t node, ShapeId shape) {
  const auto [found, added] = iterations_.try_emplace({node, shape});
  if (!added) return found->second;
  const BoundNode& loop = tree_.nodes[program_.nodes[node]];
  std::map<Coordinate, std::vector<ArrayInstance>> at_index;
  for (const ArrayInstance& instance : shapes_[shape].instances) {
    for (auto& [index, tile] : tiles_of_loop(loop, instance.operations)) {
      at_index[index].push_back({instance.place, std::move(tile)});
    }
  }
  for (auto& [index, instances] : at_index) found->second.push_back(slice_of(index, state_of(std::move(instances))));
  return found->second;
}

const TileSlice& InstanceGeometry::split(std::size_t node, ShapeId shape) {
  const auto [found, added] = splits_.try_emplace({node, shape});
  if (!added) return found->second;
  const BoundNode& loop = tree_.nodes[program_.nodes[node]];
  std::vector<ArrayInstance> instances;
  for (const ArrayInstance& instance : shapes_[shape].instances) {
    for (auto& [index, tile] : tiles_of_loop(loop, instance.operations)) {
      instances.push_back({instance.place, std::move(tile)});
      instances.back().place.push_back(index);
    }
  }
  found->second = slice_of(0, state_of(std::move(instances)));
  return found->second;
}

const std::vector<ArrayInstance>& InstanceGeometry::instances_of(std::size_t point, ShapeId shape) {
  const ArrayPoint& p = points_[point];
  if (p.node == p.last_node) return shapes_[shape].instances;
  const auto [found, added] = extended_.try_emplace({point, shape});
  if (!added) return found->second;
  std::map<Place, PointSet> current;
  // Each visit of a temporal loop may give an instance another piece; its tile is their union.
  std::vector<ArrayInstance> pieces = shapes_[shape].instances;
  for (std::size_t node = p.node; node < p.last_node; ++node) {
    const BoundNode& loop = tree_.nodes[program_.nodes[node]];
    if (!is_loop(loop.kind)) continue;
    std::vector<ArrayInstance> inner;
    for (const ArrayInstance& piece : pieces) {
      for (auto& [index, tile] : tiles_of_loop(loop, piece.operations)) {
        inner.push_back({piece.place, std::move(tile)});
        if (loop.kind == NodeKind::spatial) inner.back().place.push_back(index);
      }
    }
    pieces = std::move(inner);
  }
  for (const ArrayInstance& piece : pieces) current[piece.place].unite(piece.operations);
  for (auto& [place, operations] : current) found->second.push_back({place, std::move(operations)});
  return found->second;
}

PointSet InstanceGeometry::words(const ArrayPoint& point, const PointSet& operations) const {
  PointSet result;
  for (const TensorAccess* access : point.accesses) result.unite(touched_words(tree_, *access, operations));
  return result;
}

InstanceGeometry::Tiles InstanceGeometry::tiles_of(std::size_t point, const TileState& state) {
  Tiles tiles;
  for (const ArrayInstance& instance : instances_of(point, state.shape)) {
    tiles.emplace(instance.place, words(points_[point], shift(instance.operations, state.base, 1)));
  }
  return tiles;
}

/// Words whose accumulation begins in this visit, in whatever instance.
PointSet InstanceGeometry::beginning_words(const ArrayPoint& point, const TileState& state) {
  const Einsum& einsum = tree_.graph.einsums[program_.einsum];
  PointSet result;
  for (const std::size_t rank : reduction_ranks_) {
    if (state.base[rank] != tree_.graph.ranks[einsum.ranks[rank]].low) return result;
  }
  for (const ArrayInstance& instance : shapes_[state.shape].instances) {
    PointSet first = instance.operations;
    for (const std::size_t rank : reduction_ranks_) first = slice(first, rank, 0, 1);
    if (!first.empty()) result.unite(words(point, shift(first, state.base, 1)));
  }
  return result;
}

std::vector<WordShare> InstanceGeometry::shares_of(const Tiles& tiles, const PointSet& beginning) const {
  std::vector<PointSet> sets;
  std::vector<PeNode> nodes;
  for (const auto& [place, words] : tiles) {
    sets.push_back(words);
    nodes.push_back(pe_at(place, strides_));
  }
  std::vector<WordShare> shares;
  for (const Atom& atom : atoms_of(sets)) {
    WordShare share;
    for (const std::size_t set : atom.in) share.nodes.push_back(nodes[set]);
    std::sort(share.nodes.begin(), share.nodes.end());
    share.nodes.erase(std::unique(share.nodes.begin(), share.nodes.end()), share.nodes.end());
    const std::int64_t continued = size_of_difference(atom.points, beginning);
    share.words = continued;
    if (continued > 0) shares.push_back(share);
    share.words = atom.points.size() - continued;
    share.begins = true;
    if (share.words > 0) shares.push_back(std::move(share));
  }
  return shares;
}

PointSet InstanceGeometry::moved(const ArrayPoint& point, const PointSet& words) const {
  const bool counts_padding = point.clipped && !tree_.zero_padding;
  return counts_padding ? intersect(words, tree_.tensors[point.traffic.tensor].extent) : words;
}

InstanceGeometry::Taken InstanceGeometry::taken_by(const ArrayPoint& point, const Place& place, const PointSet& tile,
                                                   const Tiles& before, bool advanced) {
  PointSet fill = tile;
  if (point.reuses) {
    if (const auto mine = before.find(place); mine != before.end()) fill.subtract(mine->second);
  }
  PointSet rest = fill;
  if (advanced) {
    for (const std::size_t axis : point.own_axes) {
      for (const Coordinate step : {-1, 1}) {
        Place neighbour = place;
        neighbour[axis] += step;
        if (const auto theirs = before.find(neighbour); theirs != before.end()) rest.subtract(theirs->second);
      }
    }
  }
  return {std::move(fill), std::move(rest)};
}

/// Words of the neighbours of the instance before: see ArrayPoint::at_once.
PointSet InstanceGeometry::held_before(const ArrayPoint& point, const Place& place, const Tiles& tiles) {
  PointSet words;
  for (const std::size_t axis : point.level_axes) {
    for (const Coordinate step : {-1, 1}) {
      Place neighbour = place;
      --neighbour[*point.at_once];
      neighbour[axis] += step;
      if (const auto theirs = tiles.find(neighbour); theirs != tiles.end()) words.unite(theirs->second);
    }
  }
  return words;
}

/// Words of `rest` that other instances hold which LoopTree has take them together with these.
std::int64_t InstanceGeometry::taken_again(const ArrayPoint& point, const Tiles& rest, const Tiles& before) {
  const auto together = [&](const Tiles& tiles) {
    Tiles united;
    for (const auto& [place, words] : tiles) {
      united[point.multicasts_by_level ? without_own(point, place) : prefix(place, point.parent_place_length)].unite(
          words);
    }
    return united;
  };
  const Tiles held = together(before);
  std::int64_t again = 0;
  for (const auto& [group, words] : together(rest)) {
    const auto found = held.find(group);
    if (found != held.end()) again += intersect(words, found->second).size();
  }
  return again;
}

bool InstanceGeometry::keeps_tiles(std::size_t point, const TileState& current, const TileState& previous) {
  const Tiles before = tiles_of(point, previous);
  const Tiles tiles = tiles_of(point, current);
  return std::all_of(tiles.begin(), tiles.end(), [&](const auto& tile) {
    const auto same = before.find(tile.first);
    return same != before.end() && same->second == tile.second;
  });
}

std::vector<InstanceGeometry::ParentWords> InstanceGeometry::parent_words(std::size_t index, const TileState& current,
                                                                          const TileState* previous, bool advanced) {
  const ArrayPoint& point = points_[index];
  const Tiles before = previous != nullptr ? tiles_of(index, *previous) : Tiles();
  std::map<Place, PointSet> taken;
  for (const auto& [place, tile] : tiles_of(index, current)) {
    taken[prefix(place, point.parent_place_length)].unite(taken_by(point, place, tile, before, advanced).rest);
  }
  PointSet beginning;
  if (point.traffic.output) beginning = beginning_words(point, current);
  std::vector<ParentWords> result;
  for (const auto& [instance, distinct] : taken) {
    ParentWords words{moved(point, distinct), {}};
    if (words.words.empty()) continue;
    words.read = subtract(words.words, beginning);
    result.push_back(std::move(words));
  }
  return result;
}

std::vector<MovedBoxes> InstanceGeometry::moved_words(std::size_t point, const TileState& current,
                                                      const TileState* previous, bool advanced) {
  std::vector<MovedBoxes> moved;
  for (const ParentWords& words : parent_words(point, current, previous, advanced)) {
    moved.push_back({words.read.boxes(), {}});
    if (points_[point].traffic.output) moved.back().written = words.words.boxes();
  }
  return moved;
}

PointVisit InstanceGeometry::visit(std::size_t index, const TileState& current, const TileState* previous,
                                   bool advanced) {
  const ArrayPoint& point = points_[index];
  const auto held = [&](const PointSet& set) { return moved(point, set); };
  const Tiles tiles = tiles_of(index, current);
  const Tiles before = previous != nullptr ? tiles_of(index, *previous) : Tiles();

  PointVisit visit;
  ArrayTraffic& traffic = visit.traffic;
  VisitDemand demand;
  std::map<Place, PointSet> taken;  // distinct words from each instance of the parent
  std::map<Place, Tiles> takers;    // the same of each instance, where they are sent as packets
  Tiles begun;                      // the same of each instance, where no loop changes the tile
  std::map<Place, PointSet> ruled;  // the same by LoopTree's rule, where the tensor multicasts_by_level a level
  std::map<Place, std::pair<PointSet, PointSet>> at_once;  // by LoopTree's rule, without those peers and with
  std::int64_t copies = 0;
  PointSet beginning;
  if (point.traffic.output) beginning = beginning_words(point, current);

  for (const auto& [place, tile] : tiles) {
    traffic.touched_max_occupancy = std::max(traffic.touched_max_occupancy, tile.size());
    const auto [fill, rest] = taken_by(point, place, tile, before, advanced);
    const PointSet moved_rest = held(rest);
    const std::int64_t moved_fill = held(fill).size();
    const std::int64_t moved_peers = moved_fill - moved_rest.size();
    traffic.touched_fills += fill.size();
    traffic.peers += fill.size() - rest.size();
    traffic.moved_fills += moved_fill;
    copies += moved_rest.size();
    demand.max_peers = std::max(demand.max_peers, moved_peers);
    demand.max_own = std::max(demand.max_own, moved_rest.size());
    demand.max_fill = std::max(
        demand.max_fill, point.traffic.output ? moved_peers + size_of_difference(moved_rest, beginning) : moved_fill);
    taken[prefix(place, point.parent_place_length)].unite(rest);
    if (point.stays && !rest.empty()) begun.emplace(place, rest);
    if (point.sends_packets) takers[prefix(place, point.parent_place_length)].emplace(place, moved_rest);
    if (!point.multicasts_by_level && !point.at_once) continue;
    const Place others = without_own(point, place);
    if (point.multicasts_by_level) ruled[others].unite(rest);
    if (!point.at_once) continue;
    const PointSet without = subtract(rest, held_before(point, place, tiles));
    traffic.at_once_peers += rest.size() - without.size();
    at_once[others].first.unite(rest);
    at_once[others].second.unite(without);
  }
  for (const auto& [instance, distinct] : taken) {
    const PointSet exist = held(distinct);
    const std::int64_t first = exist.size() - size_of_difference(exist, beginning);
    traffic.touched_parent += distinct.size();
    traffic.moved_parent += exist.size();
    if (point.traffic.output) traffic.first_updates += first;
    if (exist.size() == 0) continue;
    demand.parents.push_back({instance, exist.size(), first, {}, {}, {}});
    if (point.sends_packets) demand.parents.back().shares = shares_of(takers[instance], beginning);
    if (!point.lines) continue;
    const std::vector<Coordinate> nowhere(point.accesses.front()->projection.size());
    VisitDemand::Parent& parent = demand.parents.back();
    if (first < exist.size()) parent.read_lines = point.lines->lines_of(subtract(exist, beginning).boxes(), nowhere);
    if (point.traffic.output) parent.written_lines = point.lines->lines_of(exist.boxes(), nowhere);
  }
  traffic.ruled_parent = traffic.touched_parent;
  if (point.multicasts_by_level) {
    traffic.ruled_parent = 0;
    for (const auto& [others, words] : ruled) traffic.ruled_parent += words.size();
  }
  if (!begun.empty()) traffic.apart_parent = taken_again(point, begun, before);
  for (const auto& [others, words] : at_once) traffic.at_once_parent += words.first.size() - words.second.size();
  if (point.traffic.output) traffic.reduction_starts = copies - traffic.moved_parent;
  count_lines(demand, traffic);
  visit.demand = demand_of(demand, point, demands_);
  return visit;
}

}  // namespace loopsim
