#include "models/looptree/factored/OuterPoints.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "models/looptree/access/RankTimes.hpp"

namespace loopsim {

namespace {

using Key = std::vector<Coordinate>;

void append(Key& key, const IntervalSet& set) {
  key.push_back(static_cast<Coordinate>(set.runs().size()));
  for (Interval run : set.runs()) key.insert(key.end(), {run.low, run.high});
}

Key key_of(const FactorShape& shape) {
  Key key;
  for (const IntervalSet& range : shape.longest) append(key, range);
  for (const FactorTile& tile : shape.tiles) {
    key.insert(key.end(), {static_cast<Coordinate>(tile.lane), tile.offset, tile.extent ? 1 : 0});
    for (const IntervalSet& range : tile.ranges) append(key, range);
    if (tile.extent) append(key, *tile.extent);
  }
  return key;
}

Coordinate first_word(const Factor& factor, const Box& tile) {
  if (!factor.expression) return 0;
  Coordinate sum = factor.expression->constant;
  for (const AffineTerm& term : factor.expression->terms) {
    sum += term.coefficient * tile.dimensions[term.rank].least();
  }
  return sum;
}

/// What words of these ranges lie between, relative to the first word.
Interval reach_of(const Factor& factor, const std::vector<IntervalSet>& ranges) {
  Interval reach{0, 1};
  if (!factor.expression) return reach;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const Coordinate last = factor.expression->terms[i].coefficient * ranges[i].greatest();
    (last < 0 ? reach.low : reach.high) += last;
  }
  return reach;
}

/// What of a tile exists, unless all of it does.
std::optional<IntervalSet> reachable(const Factor& factor, Interval reach, Coordinate offset) {
  IntervalSet reachable_part = intersect(shift(*factor.extent, -offset), IntervalSet(reach.low, reach.high));
  if (reachable_part == IntervalSet(reach.low, reach.high)) return std::nullopt;
  return reachable_part;
}

/// Has `whole` all iterations in time that `part` has, in each rank?
bool covers(const BoundTree& tree, const LeafLoops& leaf, const TileShape& whole, const TileShape& part) {
  for (std::size_t r = 0; r < whole.size(); ++r) {
    if (whole[r] == part[r]) continue;
    if (!includes(rank_times(tree, leaf.loops, r, whole[r]), rank_times(tree, leaf.loops, r, part[r]))) return false;
  }
  return true;
}

std::int64_t size_of(const TileShape& shape) {
  std::int64_t product = 1;
  for (const IntervalSet& range : shape) product *= range.size();
  return product;
}

class Splitter {
 public:
  Splitter(const BoundTree& tree, const AccessPath& path, std::vector<Factor>& factors, const LeafLoops& leaf,
           const TileList& list)
      : tree_(tree), factors_(factors), leaf_(leaf), list_(list) {
    for (std::size_t i = 0; i < list.index_nodes.size(); ++i) {
      roles_.push_back(path.indices[i].role);
      if (roles_.back() == IndexRole::lane)
        lanes_.push_back({i, most_iterations(tree, tree.nodes[list.index_nodes[i]])});
      several_instances_ |= roles_.back() == IndexRole::lane || roles_.back() == IndexRole::instance;
    }
  }

  std::optional<OuterPoints> run() {
    if (!list_.boxes || !find_longest()) return std::nullopt;
    result_.factors.resize(factors_.size());
    known_.resize(factors_.size());
    by_tile_shape_.assign(factors_.size(), std::vector<std::size_t>(list_.shapes.size(), unknown));
    for (const Factor& factor : factors_) {
      for (const TileShape& shape : list_.shapes) reaches_.push_back(reach_of(factor, ranges_of(factor, shape)));
    }
    for (std::size_t tile = 0; tile < list_.tiles.size(); ++tile) add_point(tile);
    for (std::size_t i = 0; i < roles_.size(); ++i) {
      if (roles_[i] == IndexRole::lane) continue;
      result_.roles.push_back(roles_[i]);
      result_.positions.push_back(i);
    }
    if (!lanes_.empty() && !join_lanes()) return std::nullopt;
    if (!merge_loops()) return std::nullopt;
    return std::move(result_);
  }

 private:
  static constexpr std::size_t unknown = static_cast<std::size_t>(-1);

  static std::vector<IntervalSet> ranges_of(const Factor& factor, const TileShape& shape) {
    std::vector<IntervalSet> ranges;
    for (std::size_t rank : factor.ranks) ranges.push_back(shape[rank]);
    return ranges;
  }

  template <class Wanted>
  Key select(std::size_t tile, Wanted wanted) const {
    Key result;
    for (std::size_t i = 0; i < roles_.size(); ++i) {
      if (wanted(roles_[i])) result.push_back(list_.tiles[tile].indices[i]);
    }
    return result;
  }

  /// Among the tiles of each moment, the one that has all moments of the others inside it.
  bool find_longest() {
    if (!several_instances_) {
      longest_ = list_.shape_of;
      return true;
    }
    auto is_moment = [](IndexRole role) { return role != IndexRole::instance && role != IndexRole::lane; };
    std::map<Key, std::vector<std::size_t>> moments;
    for (std::size_t t = 0; t < list_.tiles.size(); ++t) moments[select(t, is_moment)].push_back(list_.shape_of[t]);
    std::map<Key, std::size_t> longest;
    for (auto& [moment, shapes] : moments) {
      std::sort(shapes.begin(), shapes.end());
      shapes.erase(std::unique(shapes.begin(), shapes.end()), shapes.end());
      const std::size_t most = *std::max_element(shapes.begin(), shapes.end(), [&](std::size_t a, std::size_t b) {
        return size_of(list_.shapes[a]) < size_of(list_.shapes[b]);
      });
      for (std::size_t shape : shapes) {
        if (!covers(tree_, leaf_, list_.shapes[most], list_.shapes[shape])) return false;
      }
      longest[moment] = most;
    }
    for (std::size_t t = 0; t < list_.tiles.size(); ++t) longest_.push_back(longest.at(select(t, is_moment)));
    return true;
  }

  std::size_t intern(std::size_t factor, FactorShape shape) {
    std::vector<FactorShape>& shapes = result_.factors[factor].shapes;
    const auto [entry, fresh] = known_[factor].try_emplace(key_of(shape), shapes.size());
    if (fresh) shapes.push_back(std::move(shape));
    return entry->second;
  }

  std::size_t shape_of_tile(std::size_t factor, std::size_t tile, Coordinate offset) {
    const Factor& f = factors_[factor];
    const std::size_t own = list_.shape_of[tile];
    std::optional<IntervalSet> extent;
    if (f.extent) extent = reachable(f, reaches_[factor * list_.shapes.size() + own], offset);
    const bool usual = !extent && longest_[tile] == own;
    if (usual && by_tile_shape_[factor][own] != unknown) return by_tile_shape_[factor][own];
    FactorShape shape;
    shape.tiles.push_back({0, 0, ranges_of(f, list_.shapes[own]), std::move(extent)});
    shape.longest = ranges_of(f, list_.shapes[longest_[tile]]);
    const std::size_t id = intern(factor, std::move(shape));
    if (usual) by_tile_shape_[factor][own] = id;
    return id;
  }

  void add_point(std::size_t tile) {
    const Box& box = list_.tiles[tile].operations.boxes().front();
    OuterPoint& point = result_.points.emplace_back();
    point.at = list_.tiles[tile].indices;
    point.shapes.reserve(factors_.size());
    point.offsets.reserve(factors_.size());
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      const Coordinate offset = first_word(factors_[f], box);
      point.shapes.push_back(shape_of_tile(f, tile, offset));
      point.offsets.push_back(offset);
    }
  }

  // Lanes above the leaf -------------------------------------------------------------------------------------------

  /// Tiles that differ in lanes only become one point.
  bool join_lanes() {
    std::map<Key, std::vector<const OuterPoint*>> groups;
    for (std::size_t t = 0; t < result_.points.size(); ++t) {
      groups[select(t, [](IndexRole role) { return role != IndexRole::lane; })].push_back(&result_.points[t]);
    }
    for (const auto& [at, points] : groups) {
      if (!is_product(points)) return false;
    }
    if (!assign_lanes(groups)) return false;
    std::vector<OuterPoint> joined;
    for (const auto& [at, points] : groups) joined.push_back(join(at, points));
    result_.points = std::move(joined);
    return true;
  }

  /// Are the lanes all combinations of one set of indices for each lane loop?
  bool is_product(const std::vector<const OuterPoint*>& points) const {
    std::size_t combinations = 1;
    for (const OuterLane& lane : lanes_) {
      std::vector<Coordinate> values;
      for (const OuterPoint* point : points) values.push_back(point->at[lane.index]);
      std::sort(values.begin(), values.end());
      combinations *= static_cast<std::size_t>(std::unique(values.begin(), values.end()) - values.begin());
    }
    return combinations == points.size();
  }

  bool differs_along(const std::vector<const OuterPoint*>& points, std::size_t factor, const OuterLane& lane) const {
    std::map<Key, const OuterPoint*> first;  // by all other lanes
    for (const OuterPoint* point : points) {
      Key others;
      for (const OuterLane& other : lanes_) {
        if (other.index != lane.index) others.push_back(point->at[other.index]);
      }
      const OuterPoint*& known = first[others];
      if (!known) known = point;
      if (known->shapes[factor] != point->shapes[factor] || known->offsets[factor] != point->offsets[factor]) {
        return true;
      }
    }
    return false;
  }

  /// Gives each lane loop to the factor that differs along it; false if there are several.
  bool assign_lanes(const std::map<Key, std::vector<const OuterPoint*>>& groups) {
    const std::size_t own_factors = factors_.size();
    for (const OuterLane& lane : lanes_) {
      std::size_t home = unknown;
      for (std::size_t f = 0; f < own_factors; ++f) {
        const bool differs = std::any_of(groups.begin(), groups.end(),
                                         [&](const auto& group) { return differs_along(group.second, f, lane); });
        if (!differs) continue;
        if (home != unknown) return false;
        home = f;
      }
      if (home == unknown) {
        home = factors_.size();
        factors_.emplace_back();
        result_.factors.emplace_back();
        known_.emplace_back();
      }
      factors_[home].outer_lanes.push_back(lane);
    }
    return std::all_of(factors_.begin(), factors_.end(), indices_fit);
  }

  OuterPoint join(const Key& at, const std::vector<const OuterPoint*>& points) {
    OuterPoint joined;
    joined.at = at;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      const Factor& factor = factors_[f];
      if (factor.outer_lanes.empty()) {
        joined.shapes.push_back(points.front()->shapes[f]);
        joined.offsets.push_back(points.front()->offsets[f]);
        continue;
      }
      const bool added = f >= points.front()->shapes.size();
      const Coordinate offset = added ? 0 : points.front()->offsets[f];
      FactorShape shape;
      for (const OuterPoint* point : points) {
        FactorTile tile;
        if (!added) {
          const FactorShape& own = result_.factors[f].shapes[point->shapes[f]];
          tile = own.tiles.front();
          tile.offset = point->offsets[f] - offset;
          shape.longest = own.longest;
        }
        for (const OuterLane& lane : factor.outer_lanes) {
          tile.lane = tile.lane * lane.radix + static_cast<std::uint64_t>(point->at[lane.index]);
        }
        if (std::find(shape.tiles.begin(), shape.tiles.end(), tile) == shape.tiles.end()) {
          shape.tiles.push_back(std::move(tile));
        }
      }
      joined.shapes.push_back(intern(f, std::move(shape)));
      joined.offsets.push_back(offset);
    }
    return joined;
  }

  // Loops between the tensor's own node and its buffer's last one
  // -------------------------------------------------------

  /// Their iterations become one point. The union of products is a product if the iterations bring all combinations
  /// of what they bring to each factor.
  bool merge_loops() {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < result_.roles.size(); ++i) {
      if (result_.roles[i] != IndexRole::merged) kept.push_back(i);
    }
    if (kept.size() == result_.roles.size()) return true;
    std::map<Key, std::vector<const OuterPoint*>> groups;
    for (const OuterPoint& point : result_.points) groups[at_positions(point.at, kept)].push_back(&point);
    std::vector<OuterPoint> merged;
    for (const auto& [at, points] : groups) {
      std::optional<OuterPoint> point = merge(at, points);
      if (!point) return false;
      merged.push_back(std::move(*point));
    }
    result_.points = std::move(merged);
    for (std::size_t i = result_.roles.size(); i-- > 0;) {
      if (result_.roles[i] != IndexRole::merged) continue;
      result_.roles.erase(result_.roles.begin() + static_cast<std::ptrdiff_t>(i));
      result_.positions.erase(result_.positions.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return true;
  }

  static Key at_positions(const Key& at, const std::vector<std::size_t>& positions) {
    Key result;
    for (std::size_t i : positions) result.push_back(at[i]);
    return result;
  }

  std::optional<OuterPoint> merge(const Key& at, const std::vector<const OuterPoint*>& points) {
    using Content = std::pair<std::size_t, Coordinate>;  // shape and offset
    std::set<std::vector<Content>> combinations;
    std::vector<std::set<Content>> contents(factors_.size());
    for (const OuterPoint* point : points) {
      std::vector<Content> combination;
      for (std::size_t f = 0; f < factors_.size(); ++f) {
        combination.emplace_back(point->shapes[f], point->offsets[f]);
        contents[f].insert(combination.back());
      }
      combinations.insert(std::move(combination));
    }
    std::size_t product = 1;
    for (const std::set<Content>& content : contents) product *= content.size();
    if (product != combinations.size()) return std::nullopt;

    OuterPoint merged;
    merged.at = at;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      const Coordinate offset = contents[f].begin()->second;
      FactorShape shape;
      for (const auto& [id, at_offset] : contents[f]) {
        const FactorShape& part = result_.factors[f].shapes[id];
        shape.longest = part.longest;
        for (FactorTile tile : part.tiles) {
          tile.offset += at_offset - offset;
          shape.tiles.push_back(std::move(tile));
        }
      }
      merged.shapes.push_back(contents[f].size() == 1 ? contents[f].begin()->first : intern(f, std::move(shape)));
      merged.offsets.push_back(offset);
    }
    return merged;
  }

  const BoundTree& tree_;
  std::vector<Factor>& factors_;
  const LeafLoops& leaf_;
  const TileList& list_;
  std::vector<IndexRole> roles_;  ///< of all indices above the leaf
  std::vector<OuterLane> lanes_;
  bool several_instances_ = false;
  std::vector<std::size_t> longest_;  ///< by tile, into TileList::shapes
  std::vector<Interval> reaches_;     ///< by factor and tile shape
  OuterPoints result_;
  std::vector<std::map<Key, std::size_t>> known_;
  std::vector<std::vector<std::size_t>> by_tile_shape_;
};

}  // namespace

std::optional<OuterPoints> outer_points(const BoundTree& tree, const AccessPath& path, std::vector<Factor>& factors,
                                        const LeafLoops& leaf, const TileList& list) {
  return Splitter(tree, path, factors, leaf, list).run();
}

void tabulate(const BoundTree& tree, const Factor& factor, FactorShapes& shapes) {
  shapes.tables.clear();
  for (const FactorShape& shape : shapes.shapes) shapes.tables.push_back(factor_table(tree, factor, shape));
}

}  // namespace loopsim
