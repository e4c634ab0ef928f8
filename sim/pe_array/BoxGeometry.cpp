#include "sim/pe_array/BoxGeometry.hpp"

#include <algorithm>
#include <map>

#include "sim/pe_array/GridIndex.hpp"
#include "sim/pe_array/VisitDemand.hpp"

namespace loopsim {

namespace {

std::uint64_t key_of(std::size_t node, ShapeId shape) {
  return (static_cast<std::uint64_t>(node) << 32U) | shape;
}

}  // namespace

BoxGeometry::BoxGeometry(const BoundTree& tree, const ArrayProgram& program, const std::vector<ArrayPoint>& points,
                         DemandTable& demands, InstanceGeometry& instances)
    : tree_(tree),
      program_(program),
      points_(points),
      demands_(demands),
      instances_(instances),
      grids_(tree.graph.einsums[program.einsum].ranks.size()),
      axes_(spatial_axes(tree, program)),
      strides_(pe_strides(tree, program)),
      counter_(tree, program, points, demands, grids_),
      reduction_ranks_(reduction_ranks(tree.graph.einsums[program.einsum])) {}

TileState BoxGeometry::state_of(const std::vector<ArrayLane>& lanes) {
  std::vector<LaneShape> shapes;
  for (const ArrayLane& lane : lanes) {
    if (lane.operations.empty()) continue;
    LaneShape shape;
    const auto known = std::find(lanes_.begin(), lanes_.end(), lane.place);
    shape.lane = static_cast<LaneId>(known - lanes_.begin());
    if (known == lanes_.end()) lanes_.push_back(lane.place);
    for (std::size_t r = 0; r < grids_.size(); ++r) {
      shape.offset.push_back(0);
      shape.grids.push_back(grids_[r].whole(lane.operations.boxes().front().dimensions[r], shape.offset.back()));
    }
    shapes.push_back(std::move(shape));
  }
  TileSlice slice = intern(0, std::move(shapes));
  return {slice.shape, std::move(slice.offset)};
}

/// The shape of some lanes with a base of its own.
TileSlice BoxGeometry::intern(Coordinate index, std::vector<LaneShape> lanes) {
  std::sort(lanes.begin(), lanes.end(), [](const LaneShape& a, const LaneShape& b) { return a.lane < b.lane; });
  TileSlice slice;
  slice.index = index;
  slice.offset = lanes.front().offset;
  for (const LaneShape& lane : lanes) {
    for (std::size_t r = 0; r < grids_.size(); ++r) slice.offset[r] = std::min(slice.offset[r], lane.offset[r]);
  }
  std::vector<std::int64_t> key;
  for (LaneShape& lane : lanes) {
    key.push_back(lane.lane);
    for (std::size_t r = 0; r < grids_.size(); ++r) {
      lane.offset[r] -= slice.offset[r];
      key.push_back(lane.grids[r]);
      key.push_back(lane.offset[r]);
    }
  }
  const auto [found, added] = ids_.emplace(std::move(key), static_cast<ShapeId>(shapes_.size()));
  slice.shape = found->second;
  if (!added) return slice;
  Shape shape;
  shape.facts.lengths.assign(grids_.size(), 0);
  for (const LaneShape& lane : lanes) {
    std::int64_t operations = 1;
    for (std::size_t r = 0; r < grids_.size(); ++r) {
      const RankGrid& grid = grids_[r][lane.grids[r]];
      shape.facts.lengths[r] = std::max(shape.facts.lengths[r], lane.offset[r] + grid.length);
      operations *= grid.total;
    }
    shape.facts.operations += operations;
  }
  shape.lanes = std::move(lanes);
  shapes_.push_back(std::move(shape));
  return slice;
}

const std::vector<TileSlice>& BoxGeometry::iterations(std::size_t node, ShapeId shape) {
  const auto [found, added] = iterations_.try_emplace(key_of(node, shape));
  if (!added) return found->second;
  const BoundNode& loop = tree_.nodes[program_.nodes[node]];
  std::map<Coordinate, std::vector<LaneShape>> at_index;
  for (const LaneShape& lane : shapes_[shape].lanes) {
    for (const RankSlice& slice : grids_[loop.rank].iterations(node, loop, lane.grids[loop.rank])) {
      LaneShape inner = lane;
      inner.grids[loop.rank] = slice.grid;
      inner.offset[loop.rank] += slice.offset;
      at_index[slice.index].push_back(std::move(inner));
    }
  }
  for (auto& [index, lanes] : at_index) found->second.push_back(intern(index, std::move(lanes)));
  return found->second;
}

const TileSlice& BoxGeometry::split(std::size_t node, ShapeId shape) {
  const auto [found, added] = splits_.try_emplace(key_of(node, shape));
  if (!added) return found->second;
  const BoundNode& loop = tree_.nodes[program_.nodes[node]];
  std::vector<LaneShape> lanes = shapes_[shape].lanes;
  for (LaneShape& lane : lanes) {
    lane.grids[loop.rank] = grids_[loop.rank].split(node, {&loop}, lane.grids[loop.rank]);
  }
  found->second = intern(0, std::move(lanes));
  return found->second;
}

/// Every instance's word has a companion instance with each coordinate of the reduction ranks, so accumulation begins
/// for all words of a lane's visit or for none.
bool BoxGeometry::begins(const LaneShape& lane, const RankVector& base) const {
  const Einsum& einsum = tree_.graph.einsums[program_.einsum];
  return std::all_of(reduction_ranks_.begin(), reduction_ranks_.end(),
                     [&](std::size_t r) { return base[r] + lane.offset[r] == tree_.graph.ranks[einsum.ranks[r]].low; });
}

/// Whether lanes have words in common: from one parent, from each other, or begun by one and updated by another. Or
/// instances may begin to work that take what others have taken before.
bool BoxGeometry::needs_instances(const ArrayPoint& point, const TileState& current, const TileState* previous,
                                  bool neighbours) const {
  if (point.at_once) return true;
  if (point.stays && previous != nullptr && previous->shape != current.shape) return true;
  const std::vector<LaneShape>& lanes = shapes_[current.shape].lanes;
  const std::size_t lane_length = lanes_.front().size();
  const auto above_cut = [&](std::size_t place) { return place < lane_length; };
  const bool gives_across_lanes = neighbours && std::any_of(point.own_axes.begin(), point.own_axes.end(), above_cut);
  if (gives_across_lanes) return true;
  if (lanes.size() == 1) return false;
  const bool ruled_across_lanes =
      point.multicasts_by_level && std::any_of(point.level_axes.begin(), point.level_axes.end(), above_cut);
  if (point.parent_place_length < lane_length || ruled_across_lanes) return true;
  return point.traffic.output && std::any_of(lanes.begin(), lanes.end(), [&](const LaneShape& lane) {
           return begins(lane, current.base) != begins(lanes.front(), current.base);
         });
}

std::vector<ArrayInstance> BoxGeometry::instances_of(std::size_t node, const LaneShape& lane) const {
  std::vector<ArrayInstance> instances;
  std::vector<SpatialAxis> axes;
  std::vector<std::size_t> sizes;
  for (const SpatialAxis& axis : axes_) {
    if (axis.node >= node) continue;
    axes.push_back(axis);
    sizes.push_back(grids_[axis.rank][lane.grids[axis.rank]].sizes[axis.number]);
  }
  std::vector<std::size_t> index(axes.size());
  do {
    ArrayInstance instance;
    instance.place = lanes_[lane.lane];
    instance.place.insert(instance.place.end(), index.begin(), index.end());
    Box operations;
    for (std::size_t r = 0; r < grids_.size(); ++r) {
      const RankGrid& grid = grids_[r][lane.grids[r]];
      std::size_t at = 0;
      for (std::size_t a = 0; a < axes.size(); ++a) {
        if (axes[a].rank == r) at = at * sizes[a] + index[a];
      }
      operations.dimensions.push_back(shift(grid.sets[at], lane.offset[r]));
    }
    instance.operations = PointSet(std::move(operations));
    if (!instance.operations.empty()) instances.push_back(std::move(instance));
  } while (next_index(index, sizes));
  return instances;
}

TileState BoxGeometry::instances_of(std::size_t node, const TileState& state) {
  const auto [found, added] = as_instances_.try_emplace(key_of(node, state.shape));
  if (added) {
    std::vector<ArrayInstance> instances;
    for (const LaneShape& lane : shapes_[state.shape].lanes) {
      for (ArrayInstance& instance : instances_of(node, lane)) instances.push_back(std::move(instance));
    }
    found->second = instances_.state_of(std::move(instances));
  }
  TileState result = found->second;
  for (std::size_t r = 0; r < grids_.size(); ++r) result.base[r] += state.base[r];
  return result;
}

BoxGeometry::LaneMove BoxGeometry::move_of(std::size_t index, const LaneShape& lane, const TileState& current,
                                           const TileState* previous, bool neighbours) {
  const ArrayPoint& point = points_[index];
  const LaneShape* before = nullptr;
  if (previous != nullptr && (point.reuses || neighbours)) {
    const std::vector<LaneShape>& all = shapes_[previous->shape].lanes;
    const auto same = std::find_if(all.begin(), all.end(), [&](const LaneShape& l) { return l.lane == lane.lane; });
    if (same != all.end()) before = &*same;
  }
  changes_.resize(grids_.size());
  RankVector base;
  for (std::size_t r = 0; r < grids_.size(); ++r) {
    RankChange& change = changes_[r];
    change.current = lane.grids[r];
    change.base = current.base[r] + lane.offset[r];
    base.push_back(change.base);
    if (before == nullptr) continue;
    change.previous = before->grids[r];
    change.delta = previous->base[r] + before->offset[r] - change.base;
  }
  LaneMove move;
  move.begins = point.traffic.output && begins(lane, current.base);
  move.visit = &counter_.visit(index, changes_, before != nullptr, neighbours && before != nullptr, move.begins);
  // Words are relative to the projection of the base without its constant.
  move.offset = word_at(*point.accesses.front(), base);
  for (std::size_t d = 0; d < move.offset.size(); ++d) {
    move.offset[d] -= point.accesses.front()->projection[d].constant;
  }
  return move;
}

PointVisit BoxGeometry::visit(std::size_t index, const TileState& current, const TileState* previous, bool advanced) {
  const ArrayPoint& point = points_[index];
  const bool neighbours = advanced && previous != nullptr && !point.own_axes.empty();
  if (needs_instances(point, current, previous, neighbours)) {
    const TileState now = instances_of(point.node, current);
    if (previous == nullptr) return instances_.visit(index, now, nullptr, advanced);
    const TileState before = instances_of(point.node, *previous);
    return instances_.visit(index, now, &before, advanced);
  }

  PointVisit result;
  VisitDemand demand;
  for (const LaneShape& lane : shapes_[current.shape].lanes) {
    const LaneMove move = move_of(index, lane, current, previous, neighbours);
    const LaneVisit& one = *move.visit;
    add(result.traffic, one.traffic, 1);
    if (one.parent_words > 0) {
      const Place& place = lanes_[lane.lane];
      const std::size_t length = std::min(place.size(), point.parent_place_length);
      demand.parents.push_back({Place(place.begin(), place.begin() + static_cast<std::ptrdiff_t>(length)),
                                one.parent_words,
                                move.begins ? one.parent_words : 0,
                                {},
                                {},
                                one.shares});
      for (WordShare& share : demand.parents.back().shares) {
        const PeNode lane_node = pe_at(place, strides_);
        for (PeNode& node : share.nodes) node = node + lane_node;
      }
      if (point.lines) {
        BankLines lines = point.lines->lines_of(one.words, move.offset);
        VisitDemand::Parent& parent = demand.parents.back();
        if (!move.begins) parent.read_lines = lines;
        if (point.traffic.output) parent.written_lines = std::move(lines);
      }
    }
    demand.max_fill = std::max(demand.max_fill, one.max_fill);
    demand.max_peers = std::max(demand.max_peers, one.max_peers);
    demand.max_own = std::max(demand.max_own, one.max_own);
  }
  count_lines(demand, result.traffic);
  result.demand = demand_of(demand, point, demands_);
  return result;
}

std::vector<MovedBoxes> BoxGeometry::moved_words(std::size_t index, const TileState& current, const TileState* previous,
                                                 bool advanced) {
  const ArrayPoint& point = points_[index];
  const bool neighbours = advanced && previous != nullptr && !point.own_axes.empty();
  if (needs_instances(point, current, previous, neighbours)) {
    const TileState now = instances_of(point.node, current);
    if (previous == nullptr) return instances_.moved_words(index, now, nullptr, advanced);
    const TileState before = instances_of(point.node, *previous);
    return instances_.moved_words(index, now, &before, advanced);
  }
  std::vector<MovedBoxes> moved;
  for (const LaneShape& lane : shapes_[current.shape].lanes) {
    const LaneMove move = move_of(index, lane, current, previous, neighbours);
    std::vector<Box> words = move.visit->words;
    for (Box& box : words) {
      for (std::size_t d = 0; d < move.offset.size(); ++d) {
        box.dimensions[d] = shift(box.dimensions[d], move.offset[d]);
      }
    }
    if (words.empty()) continue;
    moved.emplace_back();
    if (point.traffic.output) moved.back().written = words;
    if (!move.begins) moved.back().read = std::move(words);
  }
  return moved;
}

}  // namespace loopsim
