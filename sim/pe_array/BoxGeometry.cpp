#include "sim/pe_array/BoxGeometry.hpp"

#include <algorithm>

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
                         DemandTable& demands)
    : tree_(tree),
      program_(program),
      points_(points),
      demands_(demands),
      grids_(tree.graph.einsums[program.einsum].ranks.size()),
      reduction_ranks_(reduction_ranks(tree.graph.einsums[program.einsum])) {
  if (!suits(points)) return;
  for (const ArrayPoint& point : points) plans_.push_back(plan_of(point));
}

bool BoxGeometry::suits(const std::vector<ArrayPoint>& points) {
  return std::all_of(points.begin(), points.end(), [](const ArrayPoint& p) { return p.accesses.size() == 1; });
}

BoxGeometry::PointPlan BoxGeometry::plan_of(const ArrayPoint& point) const {
  PointPlan plan;
  plan.factors = tile_factors(tree_, tree_.graph.einsums[program_.einsum], point);
  plan.extensions.resize(grids_.size());
  std::vector<std::size_t> loops_of_rank(grids_.size());
  std::size_t place = lane_place_length(tree_, program_);
  for (std::size_t node = 0; node < point.last_node; ++node) {
    const BoundNode& loop = tree_.nodes[program_.nodes[node]];
    if (!is_loop(loop.kind)) continue;
    if (node > point.node) plan.extensions[loop.rank].push_back(&loop);
    if (loop.kind == NodeKind::spatial) plan.axes.push_back({place++, loop.rank, loops_of_rank[loop.rank]++});
  }
  for (std::vector<const BoundNode*>& loops : plan.extensions) {
    // The pieces of loops below the last spatial one unite again.
    while (!loops.empty() && loops.back()->kind != NodeKind::spatial) loops.pop_back();
  }
  for (const std::size_t own : point.own_axes) {
    const auto axis = std::find_if(plan.axes.begin(), plan.axes.end(), [&](const Axis& a) { return a.place == own; });
    plan.own_axes.push_back(axis != plan.axes.end() ? std::optional<Axis>(*axis) : std::nullopt);
  }
  return plan;
}

TileState BoxGeometry::state_of(const Box& operations) {
  TileState state;
  std::vector<RankGridId> grids;
  for (std::size_t r = 0; r < grids_.size(); ++r) {
    state.base.push_back(0);
    grids.push_back(grids_[r].whole(operations.dimensions[r], state.base.back()));
  }
  state.shape = intern(std::move(grids));
  return state;
}

ShapeId BoxGeometry::intern(std::vector<RankGridId> grids) {
  const auto [found, added] = ids_.emplace(std::move(grids), static_cast<ShapeId>(shapes_.size()));
  if (added) {
    Shape shape;
    shape.grids = found->first;
    shape.facts.operations = 1;
    for (std::size_t r = 0; r < grids_.size(); ++r) {
      const RankGrid& grid = grids_[r][shape.grids[r]];
      shape.facts.lengths.push_back(grid.length);
      shape.facts.operations *= grid.total;
    }
    shapes_.push_back(std::move(shape));
  }
  return found->second;
}

TileSlice BoxGeometry::with_rank(ShapeId shape, std::size_t rank, const RankSlice& slice) {
  TileSlice result;
  std::vector<RankGridId> grids = shapes_[shape].grids;
  grids[rank] = slice.grid;
  result.index = slice.index;
  result.shape = intern(std::move(grids));
  result.offset.assign(grids_.size(), 0);
  result.offset[rank] = slice.offset;
  return result;
}

const std::vector<TileSlice>& BoxGeometry::iterations(std::size_t node, ShapeId shape) {
  const auto [found, added] = iterations_.try_emplace(key_of(node, shape));
  if (!added) return found->second;
  const BoundNode& loop = tree_.nodes[program_.nodes[node]];
  for (const RankSlice& slice : grids_[loop.rank].iterations(node, loop, shapes_[shape].grids[loop.rank])) {
    found->second.push_back(with_rank(shape, loop.rank, slice));
  }
  return found->second;
}

const TileSlice& BoxGeometry::split(std::size_t node, ShapeId shape) {
  const auto [found, added] = splits_.try_emplace(key_of(node, shape));
  if (!added) return found->second;
  const BoundNode& loop = tree_.nodes[program_.nodes[node]];
  found->second = with_rank(shape, loop.rank, grids_[loop.rank].split(node, loop, shapes_[shape].grids[loop.rank]));
  return found->second;
}

/// The rank's grid as the point's instances see it.
RankSlice BoxGeometry::extended(std::size_t point, std::size_t rank, RankGridId grid) {
  const std::vector<const BoundNode*>& loops = plans_[point].extensions[rank];
  if (loops.empty()) return {0, grid, 0};
  return grids_[rank].extended(program_.nodes.size() + point, loops, grid);
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

/// Coordinates are relative to the current tile's base; the extent is moved there too.
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

  PointSet extent;
  if (p.clipped) {
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
  }

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
    place.held = p.clipped ? intersect(place.touched, extent) : place.touched;
    if (tree_.zero_padding) place.touched = place.held;
    if (has_previous) place.sources[0] = words_at(index, true);
    for (std::size_t own = 0; neighbours && own < plan.own_axes.size(); ++own) {
      if (!plan.own_axes[own]) continue;
      for (std::size_t a = 0; a < axes.size(); ++a) {
        if (axes[a].place != plan.own_axes[own]->place) continue;
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

PointVisit BoxGeometry::visit(std::size_t index, const TileState& current, const TileState* previous, bool advanced) {
  const ArrayPoint& point = points_[index];
  const PointPlan& plan = plans_[index];
  const bool neighbours = advanced && previous != nullptr && !point.own_axes.empty();
  const bool has_previous = previous != nullptr && (point.reuses || neighbours);

  changes_.clear();
  for (std::size_t r = 0; r < grids_.size(); ++r) {
    const RankSlice now = extended(index, r, shapes_[current.shape].grids[r]);
    RankChange change{now.grid, 0, current.base[r] + now.offset, 0};
    if (has_previous) {
      const RankSlice before = extended(index, r, shapes_[previous->shape].grids[r]);
      change.previous = before.grid;
      change.delta = previous->base[r] + before.offset - change.base;
    }
    changes_.push_back(change);
  }
  // Every instance's word has a companion instance with each coordinate of the reduction ranks, so accumulation
  // begins for all words of the visit or for none.
  const Einsum& einsum = tree_.graph.einsums[program_.einsum];
  const bool begins = point.traffic.output &&
                      std::all_of(reduction_ranks_.begin(), reduction_ranks_.end(), [&](std::size_t r) {
                        return current.base[r] == tree_.graph.ranks[einsum.ranks[r]].low;
                      });

  std::vector<std::int64_t> key{static_cast<std::int64_t>(index) * 2 + (begins ? 1 : 0)};
  for (std::size_t f = 0; f < plan.factors.size(); ++f) {
    key.push_back(factor_tiles(index, f, has_previous, neighbours));
  }
  const auto [found, added] = visits_.try_emplace(std::move(key));
  if (added) {
    std::vector<FactorTiles*> factors;
    for (std::size_t f = 0; f < plan.factors.size(); ++f) factors.push_back(&tiles_[static_cast<std::size_t>(found->first[f + 1])]);
    found->second = count(index, factors, has_previous && point.reuses, neighbours, begins);
  }
  return found->second;
}

PointVisit BoxGeometry::count(std::size_t index, const std::vector<FactorTiles*>& factors, bool reuses,
                              bool neighbours, bool begins) {
  const ArrayPoint& point = points_[index];
  const PointPlan& plan = plans_[index];
  const bool output = point.traffic.output;

  // What each instance held before, and what its neighbours held, as one source of each factor: along the factors
  // that a neighbour does not differ in it held what the instance itself did.
  std::vector<std::vector<Sources>> neighbour_sources;
  for (std::size_t own = 0; neighbours && own < plan.own_axes.size(); ++own) {
    if (!plan.own_axes[own]) continue;
    for (const bool up : {false, true}) {
      std::vector<Sources> sources;
      for (const TileFactor& factor : plan.factors) {
        sources.push_back(contains(factor.ranks, plan.own_axes[own]->rank) ? neighbour(own, up) : own_previous);
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

  PointVisit visit;
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

  VisitDemand demand;
  if (point.parent_level && traffic.moved_parent > 0) {
    VisitDemand::Parent parent;  // with one lane there is one instance of a level outside: it needs no name
    if (point.parent_level->value < levels_outside_array) {
      parent.distinct = traffic.moved_parent;
    } else if (demands_.is_limited(*point.parent_level)) {
      parent.distinct = held.largest_distinct(change.rest);
    }
    if (begins) parent.first_updates = parent.distinct;
    demand.parents.push_back(std::move(parent));
  }
  if (point.reuses && demands_.is_limited(point.level)) {
    const std::vector<std::int64_t> fills = held.by_instance(change.fill);
    std::vector<std::int64_t> own = held.by_instance(change.rest);
    own.resize(fills.size());
    for (std::size_t i = 0; i < fills.size(); ++i) {
      const std::int64_t peers = fills[i] - own[i];
      demand.max_peers = std::max(demand.max_peers, peers);
      demand.max_own = std::max(demand.max_own, own[i]);
      demand.max_fill = std::max(demand.max_fill, begins ? peers : fills[i]);
    }
  }
  visit.demand = demand_of(demand, point, demands_);
  return visit;
}

}  // namespace loopsim
