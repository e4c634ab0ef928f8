#include "sim/pe_array/BoxGeometry.hpp"

#include <algorithm>
#include <map>

#include "models/tree/Projection.hpp"
#include "sim/pe_array/TileProduct.hpp"
#include "sim/pe_array/VisitDemand.hpp"

namespace loopsim {

namespace {

std::uint64_t key_of(std::size_t node, ShapeId shape) { return (static_cast<std::uint64_t>(node) << 32U) | shape; }

bool contains(const std::vector<std::size_t>& list, std::size_t item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// Steps through the combinations of indices below `sizes`; false after the last.
bool next_index(std::vector<std::size_t>& index, const std::vector<std::size_t>& sizes) {
  for (std::size_t a = sizes.size(); a-- > 0;) {
    if (++index[a] < sizes[a]) return true;
    index[a] = 0;
  }
  return false;
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
      reduction_ranks_(reduction_ranks(tree.graph.einsums[program.einsum])) {
  if (!suits(points)) return;
  std::vector<std::size_t> loops_of_rank(grids_.size());
  std::size_t place = lane_place_length(tree, program);
  for (std::size_t node = 0; node < program.nodes.size(); ++node) {
    const BoundNode& loop = tree.nodes[program.nodes[node]];
    if (loop.kind == NodeKind::spatial) axes_.push_back({place++, loop.rank, loops_of_rank[loop.rank]++, node});
  }
  for (const ArrayPoint& point : points) plans_.push_back(plan_of(point));
}

bool BoxGeometry::suits(const std::vector<ArrayPoint>& points) {
  return std::all_of(points.begin(), points.end(), [](const ArrayPoint& p) { return p.accesses.size() == 1; });
}

BoxGeometry::PointPlan BoxGeometry::plan_of(const ArrayPoint& point) const {
  PointPlan plan;
  plan.factors = tile_factors(tree_, tree_.graph.einsums[program_.einsum], point);
  plan.extensions.resize(grids_.size());
  for (std::size_t node = point.node + 1; node < point.last_node; ++node) {
    const BoundNode& loop = tree_.nodes[program_.nodes[node]];
    if (is_loop(loop.kind)) plan.extensions[loop.rank].push_back(&loop);
  }
  for (std::vector<const BoundNode*>& loops : plan.extensions) {
    // The pieces of loops below the last spatial one unite again.
    while (!loops.empty() && loops.back()->kind != NodeKind::spatial) loops.pop_back();
  }
  for (const Axis& axis : axes_) {
    if (axis.node < point.last_node) plan.axes.push_back(axis);
  }
  for (const std::size_t own : point.own_axes) {
    const auto axis = std::find_if(axes_.begin(), axes_.end(), [&](const Axis& a) { return a.place == own; });
    if (axis != axes_.end()) {
      plan.own_axes.push_back(*axis);
    } else {
      plan.own_axis_above_cut = true;
    }
  }
  plan.lanes_share_parent = point.parent_place_length < lane_place_length(tree_, program_);
  return plan;
}

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

/// The rank's grid as the point's instances see it: they are split down to the level's last storage node.
RankGridId BoxGeometry::extended(std::size_t point, std::size_t rank, RankGridId grid) {
  const std::vector<const BoundNode*>& loops = plans_[point].extensions[rank];
  return loops.empty() ? grid : grids_[rank].split(program_.nodes.size() + point, loops, grid);
}

/// Every instance's word has a companion instance with each coordinate of the reduction ranks, so accumulation begins
/// for all words of a lane's visit or for none.
bool BoxGeometry::begins(const LaneShape& lane, const RankVector& base) const {
  const Einsum& einsum = tree_.graph.einsums[program_.einsum];
  return std::all_of(reduction_ranks_.begin(), reduction_ranks_.end(), [&](std::size_t r) {
    return base[r] + lane.offset[r] == tree_.graph.ranks[einsum.ranks[r]].low;
  });
}

/// Whether lanes have words in common: from one parent, from each other, or begun by one and updated by another.
bool BoxGeometry::needs_instances(const PointPlan& plan, const TileState& current, bool neighbours, bool output) const {
  if (neighbours && plan.own_axis_above_cut) return true;
  const std::vector<LaneShape>& lanes = shapes_[current.shape].lanes;
  if (lanes.size() == 1) return false;
  if (plan.lanes_share_parent) return true;
  return output && std::any_of(lanes.begin(), lanes.end(), [&](const LaneShape& lane) {
           return begins(lane, current.base) != begins(lanes.front(), current.base);
         });
}

std::vector<ArrayInstance> BoxGeometry::instances_of(std::size_t node, const LaneShape& lane) const {
  std::vector<ArrayInstance> instances;
  std::vector<Axis> axes;
  std::vector<std::size_t> sizes;
  for (const Axis& axis : axes_) {
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

PointVisit BoxGeometry::visit(std::size_t index, const TileState& current, const TileState* previous, bool advanced) {
  const ArrayPoint& point = points_[index];
  const PointPlan& plan = plans_[index];
  const bool neighbours = advanced && previous != nullptr && !point.own_axes.empty();
  if (needs_instances(plan, current, neighbours, point.traffic.output)) {
    const TileState now = instances_of(point.node, current);
    if (previous == nullptr) return instances_.visit(index, now, nullptr, advanced);
    const TileState before = instances_of(point.node, *previous);
    return instances_.visit(index, now, &before, advanced);
  }

  PointVisit result;
  VisitDemand demand;
  for (const LaneShape& lane : shapes_[current.shape].lanes) {
    const LaneShape* before = nullptr;
    if (previous != nullptr && (point.reuses || neighbours)) {
      const std::vector<LaneShape>& all = shapes_[previous->shape].lanes;
      const auto same = std::find_if(all.begin(), all.end(), [&](const LaneShape& l) { return l.lane == lane.lane; });
      if (same != all.end()) before = &*same;
    }
    const LaneVisit& one = visit_lane(index, lane, current.base, before, before != nullptr ? &previous->base : nullptr,
                                      neighbours && before != nullptr);
    add(result.traffic, one.traffic, 1);
    if (one.parent_words > 0) {
      const Place& place = lanes_[lane.lane];
      const std::size_t length = std::min(place.size(), point.parent_place_length);
      demand.parents.push_back({Place(place.begin(), place.begin() + static_cast<std::ptrdiff_t>(length)),
                                one.parent_words, one.traffic.first_updates > 0 ? one.parent_words : 0});
    }
    demand.max_fill = std::max(demand.max_fill, one.max_fill);
    demand.max_peers = std::max(demand.max_peers, one.max_peers);
    demand.max_own = std::max(demand.max_own, one.max_own);
  }
  result.demand = demand_of(demand, point, demands_);
  return result;
}

const BoxGeometry::LaneVisit& BoxGeometry::visit_lane(std::size_t index, const LaneShape& current,
                                                      const RankVector& base, const LaneShape* previous,
                                                      const RankVector* previous_base, bool neighbours) {
  const ArrayPoint& point = points_[index];
  const PointPlan& plan = plans_[index];
  const bool has_previous = previous != nullptr;
  changes_.clear();
  for (std::size_t r = 0; r < grids_.size(); ++r) {
    RankChange change;
    change.current = extended(index, r, current.grids[r]);
    change.base = base[r] + current.offset[r];
    if (has_previous) {
      change.previous = extended(index, r, previous->grids[r]);
      change.delta = (*previous_base)[r] + previous->offset[r] - change.base;
    }
    changes_.push_back(change);
  }
  const bool first = point.traffic.output && begins(current, base);
  std::vector<std::int64_t> key{static_cast<std::int64_t>(index) * 2 + (first ? 1 : 0)};
  for (std::size_t f = 0; f < plan.factors.size(); ++f) {
    key.push_back(factor_tiles(index, f, has_previous, neighbours));
  }
  const auto [found, added] = visits_.try_emplace(std::move(key));
  if (added) {
    std::vector<FactorTiles*> factors;
    for (std::size_t f = 0; f < plan.factors.size(); ++f) {
      factors.push_back(&tiles_[static_cast<std::size_t>(found->first[f + 1])]);
    }
    found->second = count(index, factors, has_previous && point.reuses, neighbours, first);
  }
  return found->second;
}

std::uint32_t BoxGeometry::factor_tiles(std::size_t point, std::size_t number, bool has_previous, bool neighbours) {
  const TileFactor& factor = plans_[point].factors[number];
  std::vector<std::int64_t>& key = key_;
  key.clear();
  key.push_back(static_cast<std::int64_t>(point));
  key.push_back(static_cast<std::int64_t>(number) * 4 + (has_previous ? 2 : 0) + (neighbours ? 1 : 0));
  for (const std::size_t r : factor.ranks) {
    key.push_back(changes_[r].current);
    if (!has_previous) continue;
    key.push_back(changes_[r].previous);
    key.push_back(changes_[r].delta);
  }
  if (!factor.extents.empty()) {
    RankVector base;
    RankVector lengths;
    for (std::size_t r = 0; r < grids_.size(); ++r) {
      base.push_back(changes_[r].base);
      lengths.push_back(grids_[r][changes_[r].current].length);
    }
    for (const ExtentDimension& dimension : factor.extents) dimension.append(key, base, lengths);
  }
  const auto [found, added] = tile_ids_.emplace(key, static_cast<std::uint32_t>(tiles_.size()));
  if (added) tiles_.push_back(make_tiles(point, factor, has_previous, neighbours));
  return found->second;
}

/// The extent in the factor's dimensions, relative to the current tile's base.
PointSet BoxGeometry::extent_of(const TileFactor& factor) const {
  PointSet extent;
  if (factor.extents.empty()) return extent;
  for (const Box& box : tree_.tensors[factor.access.tensor].extent.boxes()) {
    Box part;
    for (std::size_t d = 0; d < factor.dimensions.size(); ++d) {
      Coordinate position = 0;
      for (const AffineTerm& term : factor.access.projection[d].terms) {
        position += term.coefficient * changes_[term.rank].base;
      }
      part.dimensions.push_back(shift(box.dimensions[factor.dimensions[d]], -position));
    }
    extent.unite(part);
  }
  return extent;
}

/// Coordinates are relative to the current tile's base.
FactorTiles BoxGeometry::make_tiles(std::size_t point, const TileFactor& factor, bool has_previous,
                                    bool neighbours) const {
  const ArrayPoint& p = points_[point];
  const PointPlan& plan = plans_[point];
  std::vector<Axis> axes;
  std::vector<std::size_t> sizes;
  std::size_t groups = 1;
  for (const Axis& axis : plan.axes) {
    if (!contains(factor.ranks, axis.rank)) continue;
    axes.push_back(axis);
    sizes.push_back(grids_[axis.rank][changes_[axis.rank].current].sizes[axis.number]);
    if (axis.place < p.parent_place_length) groups *= sizes.back();
  }

  const PointSet extent = extent_of(factor);
  // Words at a place; `previous` picks the tiles before the change.
  const auto words_at = [&](const std::vector<std::size_t>& index, bool previous) {
    Box operations;
    operations.dimensions.assign(grids_.size(), IntervalSet(0, 1));
    for (const std::size_t r : factor.ranks) {
      const RankChange& change = changes_[r];
      const RankGrid& grid = grids_[r][previous ? change.previous : change.current];
      std::size_t at = 0;
      for (std::size_t a = 0; a < axes.size(); ++a) {
        if (axes[a].rank != r) continue;
        if (index[a] >= grid.sizes[axes[a].number]) return PointSet();
        at = at * grid.sizes[axes[a].number] + index[a];
      }
      if (grid.sets[at].empty()) return PointSet();
      operations.dimensions[r] = shift(grid.sets[at], previous ? change.delta : 0);
    }
    return image(factor.access, operations);
  };

  std::vector<FactorTiles::Place> places;
  std::vector<std::size_t> index(axes.size());
  do {
    FactorTiles::Place place;
    for (std::size_t a = 0; a < axes.size(); ++a) {
      if (axes[a].place < p.parent_place_length) place.group = place.group * sizes[a] + index[a];
    }
    place.touched = words_at(index, false);
    place.held = !factor.extents.empty() ? intersect(place.touched, extent) : place.touched;
    if (tree_.zero_padding) place.touched = place.held;
    if (has_previous) place.sources[0] = words_at(index, true);
    for (std::size_t own = 0; neighbours && own < plan.own_axes.size(); ++own) {
      for (std::size_t a = 0; a < axes.size(); ++a) {
        if (axes[a].place != plan.own_axes[own].place) continue;
        std::vector<std::size_t> other = index;
        ++other[a];
        place.sources[1 + 2 * own + 1] = words_at(other, true);
        if (index[a] == 0) continue;
        other[a] = index[a] - 1;
        place.sources[1 + 2 * own] = words_at(other, true);
      }
    }
    places.push_back(std::move(place));
  } while (next_index(index, sizes));
  return FactorTiles(std::move(places), groups);
}

BoxGeometry::LaneVisit BoxGeometry::count(std::size_t index, const std::vector<FactorTiles*>& factors, bool reuses,
                                          bool neighbours, bool begins) const {
  const ArrayPoint& point = points_[index];
  const PointPlan& plan = plans_[index];
  const bool output = point.traffic.output;

  // What each instance held before, and what its neighbours held, as one source of each factor: along the factors
  // that a neighbour does not differ in it held what the instance itself did.
  std::vector<std::vector<Sources>> neighbour_sources;
  for (std::size_t own = 0; neighbours && own < plan.own_axes.size(); ++own) {
    for (const bool up : {false, true}) {
      std::vector<Sources> sources;
      for (const TileFactor& factor : plan.factors) {
        sources.push_back(contains(factor.ranks, plan.own_axes[own].rank) ? neighbour(own, up) : own_previous);
      }
      neighbour_sources.push_back(std::move(sources));
    }
  }
  struct Change {
    TileProduct::Pieces fill;
    TileProduct::Pieces rest;  ///< without what neighbours give
  };
  const auto change_of = [&](const TileProduct& product) {
    Change change;
    change.fill = product.whole();
    if (reuses) change.fill = product.subtract(change.fill, std::vector<Sources>(factors.size(), own_previous));
    change.rest = change.fill;
    for (const std::vector<Sources>& sources : neighbour_sources) change.rest = product.subtract(change.rest, sources);
    return change;
  };

  LaneVisit visit;
  ArrayTraffic& traffic = visit.traffic;
  const TileProduct touched(factors, false);
  const Change touched_change = change_of(touched);
  traffic.touched_max_occupancy = touched.largest_whole();
  traffic.touched_fills = touched.total(touched_change.fill);
  traffic.touched_parent = touched.distinct(touched_change.rest);
  std::int64_t copies = touched.total(touched_change.rest);
  traffic.peers = traffic.touched_fills - copies;

  const bool counts_padding = point.clipped && !tree_.zero_padding;
  const TileProduct held(factors, counts_padding);
  const Change change = counts_padding ? change_of(held) : touched_change;
  traffic.moved_fills = traffic.touched_fills;
  traffic.moved_parent = traffic.touched_parent;
  if (counts_padding) {
    traffic.moved_fills = held.total(change.fill);
    traffic.moved_parent = held.distinct(change.rest);
    copies = held.total(change.rest);
  }
  if (output) traffic.reduction_starts = copies - traffic.moved_parent;
  if (begins) traffic.first_updates = traffic.moved_parent;

  const bool busiest_parent = point.parent_level && demands_.is_limited(*point.parent_level);
  visit.parent_words = busiest_parent ? held.largest_distinct(change.rest) : traffic.moved_parent;
  if (point.reuses && demands_.is_limited(point.level)) {
    const std::vector<std::int64_t> fills = held.by_instance(change.fill);
    std::vector<std::int64_t> own = held.by_instance(change.rest);
    own.resize(fills.size());
    for (std::size_t i = 0; i < fills.size(); ++i) {
      const std::int64_t peers = fills[i] - own[i];
      visit.max_peers = std::max(visit.max_peers, peers);
      visit.max_own = std::max(visit.max_own, own[i]);
      visit.max_fill = std::max(visit.max_fill, begins ? peers : fills[i]);
    }
  }
  return visit;
}

}  // namespace loopsim
