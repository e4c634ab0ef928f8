#include "models/looptree/OuterPoints.hpp"

#include <algorithm>
#include <map>

#include "models/looptree/RankTimes.hpp"

namespace loopsim {

namespace {

IntervalSet from_zero(const IntervalSet& range) { return shift(range, -range.least()); }

Coordinate first_word(const Factor& factor, const Box& tile) {
  if (!factor.expression) return 0;
  Coordinate sum = factor.expression->constant;
  for (const AffineTerm& term : factor.expression->terms) {
    sum += term.coefficient * tile.dimensions[term.rank].least();
  }
  return sum;
}

/// The part of the extent that a tile of these ranges can reach, relative to the first word.
IntervalSet reachable(const Factor& factor, const std::vector<IntervalSet>& ranges, Coordinate offset) {
  Coordinate low = 0;
  Coordinate high = 1;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const Coordinate reach = factor.expression->terms[i].coefficient * ranges[i].greatest();
    (reach < 0 ? low : high) += reach;
  }
  return intersect(shift(*factor.extent, -offset), IntervalSet(low, high));
}

using Key = std::vector<Coordinate>;

void append(Key& key, const IntervalSet& set) {
  key.push_back(static_cast<Coordinate>(set.runs().size()));
  for (Interval run : set.runs()) key.insert(key.end(), {run.low, run.high});
}

Key key_of(const FactorShape& shape) {
  Key key;
  for (const IntervalSet& range : shape.ranges) append(key, range);
  for (const IntervalSet& range : shape.longest) append(key, range);
  if (shape.extent) append(key, *shape.extent);
  return key;
}

/// Has `whole` all iterations in time that `part` has, in each rank?
bool covers(const BoundTree& tree, const LeafLoops& leaf, const Box& whole, const Box& part) {
  for (std::size_t r = 0; r < whole.dimensions.size(); ++r) {
    const IntervalSet a = from_zero(whole.dimensions[r]);
    const IntervalSet b = from_zero(part.dimensions[r]);
    if (a == b) continue;
    if (!includes(rank_times(tree, leaf.loops, r, a), rank_times(tree, leaf.loops, r, b))) return false;
  }
  return true;
}

using Instances = std::vector<const Box*>;

/// For every tile the one among those of the same moment that covers the others.
std::optional<std::vector<const Box*>> longest_tiles(const BoundTree& tree, const LeafLoops& leaf,
                                                     const std::vector<IndexRole>& roles, const TileList& list) {
  std::vector<const Box*> result;
  if (std::find(roles.begin(), roles.end(), IndexRole::instance) == roles.end()) {
    for (const Tile& tile : list.tiles) result.push_back(&tile.operations.boxes().front());
    return result;
  }
  auto moment_of = [&](const Tile& tile) {
    Key moment;
    for (std::size_t i = 0; i < roles.size(); ++i) {
      if (roles[i] != IndexRole::instance) moment.push_back(tile.indices[i]);
    }
    return moment;
  };
  std::map<Key, Instances> moments;
  for (const Tile& tile : list.tiles) moments[moment_of(tile)].push_back(&tile.operations.boxes().front());
  std::map<Key, const Box*> longest;
  for (const auto& [moment, instances] : moments) {
    const auto most = std::max_element(instances.begin(), instances.end(),
                                       [](const Box* a, const Box* b) { return a->size() < b->size(); });
    for (const Box* instance : instances) {
      if (!covers(tree, leaf, **most, *instance)) return std::nullopt;
    }
    longest[moment] = *most;
  }
  for (const Tile& tile : list.tiles) result.push_back(longest.at(moment_of(tile)));
  return result;
}

}  // namespace

std::optional<OuterPoints> outer_points(const BoundTree& tree, const AccessPath& path,
                                        const std::vector<Factor>& factors, const LeafLoops& leaf,
                                        const TileList& list) {
  OuterPoints result;
  for (std::size_t i = 0; i < list.index_nodes.size(); ++i) {
    const IndexRole role = path.indices[i].role;
    if (role == IndexRole::lane || role == IndexRole::merged) return std::nullopt;
    result.roles.push_back(role);
  }
  for (const Tile& tile : list.tiles) {
    if (tile.operations.boxes().size() != 1) return std::nullopt;
  }
  const auto longest = longest_tiles(tree, leaf, result.roles, list);
  if (!longest) return std::nullopt;

  result.factors.resize(factors.size());
  std::vector<std::map<Key, std::size_t>> known(factors.size());
  for (std::size_t t = 0; t < list.tiles.size(); ++t) {
    const Box& tile = list.tiles[t].operations.boxes().front();
    OuterPoint& point = result.points.emplace_back();
    point.at = list.tiles[t].indices;
    for (std::size_t f = 0; f < factors.size(); ++f) {
      FactorShape shape;
      for (std::size_t rank : factors[f].ranks) {
        shape.ranges.push_back(from_zero(tile.dimensions[rank]));
        shape.longest.push_back(from_zero((*longest)[t]->dimensions[rank]));
      }
      const Coordinate offset = first_word(factors[f], tile);
      if (factors[f].extent) shape.extent = reachable(factors[f], shape.ranges, offset);
      std::vector<FactorShape>& shapes = result.factors[f].shapes;
      const auto [entry, fresh] = known[f].try_emplace(key_of(shape), shapes.size());
      if (fresh) shapes.push_back(std::move(shape));
      point.shapes.push_back(entry->second);
      point.offsets.push_back(offset);
    }
  }
  return result;
}

void tabulate(const BoundTree& tree, const Factor& factor, FactorShapes& shapes) {
  shapes.tables.clear();
  for (const FactorShape& shape : shapes.shapes) shapes.tables.push_back(factor_table(tree, factor, shape));
}

}  // namespace loopsim
