#include "sim/pe_array/LaneCounter.hpp"

#include <algorithm>

#include "mapping/sets/Projection.hpp"
#include "sim/pe_array/GridIndex.hpp"

namespace loopsim {

namespace {

bool contains(const std::vector<std::size_t>& list, std::size_t item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

std::vector<SpatialAxis> spatial_axes(const BoundTree& tree, const ArrayProgram& program) {
  std::vector<SpatialAxis> axes;
  std::vector<std::size_t> loops_of_rank(tree.graph.einsums[program.einsum].ranks.size());
  std::size_t place = lane_place_length(tree, program);
  for (std::size_t node = 0; node < program.nodes.size(); ++node) {
    const BoundNode& loop = tree.nodes[program.nodes[node]];
    if (loop.kind == NodeKind::spatial) axes.push_back({place++, loop.rank, loops_of_rank[loop.rank]++, node});
  }
  return axes;
}

LaneCounter::LaneCounter(const BoundTree& tree, const ArrayProgram& program, const std::vector<ArrayPoint>& points,
                         const DemandTable& demands, std::vector<RankGrids>& grids)
    : tree_(tree),
      program_(program),
      points_(points),
      demands_(demands),
      grids_(grids),
      strides_(pe_strides(tree, program)) {
  const std::vector<SpatialAxis> axes = spatial_axes(tree, program);
  for (const ArrayPoint& point : points) plans_.push_back(plan_of(point, axes));
}

LaneCounter::PointPlan LaneCounter::plan_of(const ArrayPoint& point, const std::vector<SpatialAxis>& axes) const {
  PointPlan plan;
  plan.factors = tile_factors(tree_, tree_.graph.einsums[program_.einsum], point);
  plan.extensions.resize(grids_.size());
  for (std::size_t node = point.node; node < point.last_node; ++node) {
    const BoundNode& loop = tree_.nodes[program_.nodes[node]];
    if (is_loop(loop.kind)) plan.extensions[loop.rank].push_back(&loop);
  }
  for (std::vector<const BoundNode*>& loops : plan.extensions) {
    // The pieces of loops below the last spatial one unite again.
    while (!loops.empty() && loops.back()->kind != NodeKind::spatial) loops.pop_back();
  }
  for (const SpatialAxis& axis : axes) {
    if (axis.node < point.last_node) plan.axes.push_back(axis);
    if (contains(point.own_axes, axis.place)) plan.own_axes.push_back(axis);
  }
  return plan;
}

/// The rank's grid as the point's instances see it: they are split down to the level's last storage node.
RankGridId LaneCounter::extended(std::size_t point, std::size_t rank, RankGridId grid) {
  const std::vector<const BoundNode*>& loops = plans_[point].extensions[rank];
  return loops.empty() ? grid : grids_[rank].split(program_.nodes.size() + point, loops, grid);
}

const LaneVisit& LaneCounter::visit(std::size_t index, const std::vector<RankChange>& ranks, bool has_previous,
                                    bool neighbours, bool begins) {
  const PointPlan& plan = plans_[index];
  changes_ = ranks;
  for (std::size_t r = 0; r < grids_.size(); ++r) {
    changes_[r].current = extended(index, r, ranks[r].current);
    if (has_previous) changes_[r].previous = extended(index, r, ranks[r].previous);
  }
  std::vector<std::int64_t> key{static_cast<std::int64_t>(index) * 2 + (begins ? 1 : 0)};
  for (std::size_t f = 0; f < plan.factors.size(); ++f) {
    key.push_back(factor_tiles(index, f, has_previous, neighbours, false));
  }
  const auto [found, added] = visits_.try_emplace(std::move(key));
  if (added) {
    std::vector<FactorTiles*> factors;
    for (std::size_t f = 0; f < plan.factors.size(); ++f) {
      factors.push_back(&tiles_[static_cast<std::size_t>(found->first[f + 1])]);
    }
    const bool reuses = has_previous && points_[index].reuses;
    found->second = count(index, factors, reuses, neighbours, begins);
    ArrayTraffic& traffic = found->second.traffic;
    traffic.ruled_parent = traffic.touched_parent;
    if (points_[index].multicasts_by_level) {
      std::vector<std::uint32_t> ids;
      for (std::size_t f = 0; f < plan.factors.size(); ++f) {
        ids.push_back(factor_tiles(index, f, has_previous, neighbours, true));
      }
      std::vector<FactorTiles*> by_rule;
      for (std::uint32_t id : ids) by_rule.push_back(&tiles_[id]);
      traffic.ruled_parent = count(index, by_rule, reuses, neighbours, begins).traffic.touched_parent;
    }
  }
  return found->second;
}

std::uint32_t LaneCounter::factor_tiles(std::size_t point, std::size_t number, bool has_previous, bool neighbours,
                                        bool by_rule) {
  const TileFactor& factor = plans_[point].factors[number];
  std::vector<std::int64_t>& key = key_;
  key.clear();
  key.push_back(static_cast<std::int64_t>(point));
  key.push_back(static_cast<std::int64_t>(number) * 8 + (by_rule ? 4 : 0) + (has_previous ? 2 : 0) +
                (neighbours ? 1 : 0));
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
  if (added) tiles_.push_back(make_tiles(point, factor, has_previous, neighbours, by_rule));
  return found->second;
}

/// The extent in the factor's dimensions, relative to the current tile's base.
PointSet LaneCounter::extent_of(const TileFactor& factor) const {
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
FactorTiles LaneCounter::make_tiles(std::size_t point, const TileFactor& factor, bool has_previous, bool neighbours,
                                    bool by_rule) const {
  const ArrayPoint& p = points_[point];
  // Places of one group take a word once: those that share the parent's instance, or, by LoopTree's rule, those that
  // differ along the spatial loops of the point's own level only.
  const auto separates = [&](const SpatialAxis& axis) {
    return by_rule ? !contains(p.level_axes, axis.place) : axis.place < p.parent_place_length;
  };
  const PointPlan& plan = plans_[point];
  std::vector<SpatialAxis> axes;
  std::vector<std::size_t> sizes;
  std::size_t groups = 1;
  for (const SpatialAxis& axis : plan.axes) {
    if (!contains(factor.ranks, axis.rank)) continue;
    axes.push_back(axis);
    sizes.push_back(grids_[axis.rank][changes_[axis.rank].current].sizes[axis.number]);
    if (separates(axis)) groups *= sizes.back();
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
      if (separates(axes[a])) place.group = place.group * sizes[a] + index[a];
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

/// The words of all instances, each once, as disjoint boxes.
std::vector<Box> LaneCounter::words_of(const PointPlan& plan, std::size_t dimensions, const TileProduct& product,
                                       const TileProduct::Pieces& pieces) const {
  std::vector<Box> words;
  for (const TileProduct::Unions& unions : product.disjoint_unions(pieces)) {
    std::vector<Box> boxes(1);
    boxes.front().dimensions.resize(dimensions);
    for (std::size_t f = 0; f < plan.factors.size(); ++f) {
      std::vector<Box> wider;
      for (const Box& part : unions[f].front().boxes()) {  // a lane takes from one instance of the parent
        for (Box box : boxes) {
          for (std::size_t i = 0; i < plan.factors[f].dimensions.size(); ++i) {
            box.dimensions[plan.factors[f].dimensions[i]] = part.dimensions[i];
          }
          wider.push_back(std::move(box));
        }
      }
      boxes = std::move(wider);
    }
    words.insert(words.end(), boxes.begin(), boxes.end());
  }
  return words;
}

/// Where the places of a factor's tiles lie in the mesh, as far as the factor's own loops go.
std::vector<PeNode> LaneCounter::nodes_of(const PointPlan& plan, std::size_t factor) const {
  std::vector<PeNode> strides;
  std::vector<std::size_t> sizes;
  for (const SpatialAxis& axis : plan.axes) {
    if (!contains(plan.factors[factor].ranks, axis.rank)) continue;
    strides.push_back(strides_[axis.place]);
    sizes.push_back(grids_[axis.rank][changes_[axis.rank].current].sizes[axis.number]);
  }
  std::vector<PeNode> nodes;
  std::vector<std::size_t> index(sizes.size());
  do {
    PeNode node;
    for (std::size_t a = 0; a < index.size(); ++a) node = node + strides[a] * static_cast<std::int64_t>(index[a]);
    nodes.push_back(node);
  } while (next_index(index, sizes));
  return nodes;
}

/// Which words go to which instances: each factor is cut into sets whose words are in the same tiles of the factor;
/// words of a product of such sets go to the same instances.
std::vector<WordShare> LaneCounter::shares_of(const PointPlan& plan, const std::vector<FactorTiles*>& factors,
                                              bool held, const TileProduct::Pieces& pieces, bool begins) const {
  struct Cut {
    std::vector<FactorPart> parts;  ///< all different
    std::vector<PeNode> nodes;      ///< of each place
    std::vector<Atom> atoms;        ///< of the sets of all parts and places, parts outermost

    std::vector<PeNode> nodes_in(std::size_t atom, FactorPart part) const {
      std::vector<PeNode> result;
      for (const std::size_t set : atoms[atom].in) {
        const FactorPart of_set = parts[set / nodes.size()];
        if (of_set.in == part.in && of_set.out == part.out) result.push_back(nodes[set % nodes.size()]);
      }
      return result;
    }
  };
  std::vector<Cut> cuts(factors.size());
  std::vector<std::size_t> sizes;
  for (std::size_t f = 0; f < factors.size(); ++f) {
    Cut& cut = cuts[f];
    cut.nodes = nodes_of(plan, f);
    std::vector<PointSet> sets;
    for (const std::vector<FactorPart>& piece : pieces) {
      const bool known = std::any_of(cut.parts.begin(), cut.parts.end(), [&](FactorPart part) {
        return part.in == piece[f].in && part.out == piece[f].out;
      });
      if (known) continue;
      cut.parts.push_back(piece[f]);
      for (PointSet& set : factors[f]->sets(piece[f], held)) sets.push_back(std::move(set));
    }
    cut.atoms = atoms_of(sets);
    if (cut.atoms.empty()) return {};
    sizes.push_back(cut.atoms.size());
  }

  std::vector<WordShare> shares;
  std::vector<std::size_t> index(sizes.size());
  do {
    WordShare share;
    share.begins = begins;
    share.words = 1;
    for (std::size_t f = 0; f < cuts.size(); ++f) share.words *= cuts[f].atoms[index[f]].points.size();
    for (const std::vector<FactorPart>& piece : pieces) {
      std::vector<PeNode> nodes{PeNode()};
      for (std::size_t f = 0; f < cuts.size() && !nodes.empty(); ++f) {
        std::vector<PeNode> wider;
        for (const PeNode node : cuts[f].nodes_in(index[f], piece[f])) {
          for (const PeNode outer : nodes) wider.push_back(outer + node);
        }
        nodes = std::move(wider);
      }
      share.nodes.insert(share.nodes.end(), nodes.begin(), nodes.end());
    }
    if (share.nodes.empty()) continue;
    std::sort(share.nodes.begin(), share.nodes.end());
    share.nodes.erase(std::unique(share.nodes.begin(), share.nodes.end()), share.nodes.end());
    shares.push_back(std::move(share));
  } while (next_index(index, sizes));
  return shares;
}

LaneVisit LaneCounter::count(std::size_t index, const std::vector<FactorTiles*>& factors, bool reuses, bool neighbours,
                             bool begins) const {
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

  if (point.lines) {
    visit.words = words_of(plan, point.accesses.front()->projection.size(), held, change.rest);
  }

  if (point.sends_packets) visit.shares = shares_of(plan, factors, counts_padding, change.rest, begins);

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
