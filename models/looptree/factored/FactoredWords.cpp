#include "models/looptree/factored/FactoredWords.hpp"

#include <map>

namespace loopsim {

std::optional<FactoredWords> factored_words(const BoundTree& tree, const AccessPath& path, TileLists& tiles) {
  LeafLoops leaf = leaf_loops(tree, path.einsum);
  if (path.indices.size() < indices_above(tree, leaf.top).size()) {
    // The node lies above the leaf: all its loops are outer ones.
    leaf.top = path.position;
    leaf.loops.clear();
  }
  auto factors = factors_of(tree, path, leaf);
  if (!factors) return std::nullopt;
  FactoredWords words;
  words.path = &path;
  words.factors = std::move(*factors);
  auto outer = outer_points(tree, path, words.factors, leaf, tiles.above(leaf.top, path.einsum));
  if (!outer || outer->points.empty()) return std::nullopt;
  words.outer = std::move(*outer);
  for (std::size_t f = 0; f < words.factors.size(); ++f) tabulate(tree, words.factors[f], words.outer.factors[f]);
  return words;
}

std::vector<Coordinate> outer_indices(const FactoredWords& words, const OuterPoint& point, bool time) {
  std::vector<Coordinate> result;
  for (std::size_t i = 0; i < point.at.size(); ++i) {
    if ((words.outer.roles[i] == IndexRole::time) == time) result.push_back(point.at[i]);
  }
  return result;
}

std::vector<PointInTime> points_in_time(const FactoredWords& words) {
  using Indices = std::vector<Coordinate>;
  std::vector<PointInTime> result;
  const bool only_time = std::all_of(words.outer.roles.begin(), words.outer.roles.end(),
                                     [](IndexRole role) { return role == IndexRole::time; });
  if (only_time) {  // row-major order is the order of time, and there is one instance
    const OuterPoint* before = nullptr;
    for (const OuterPoint& point : words.outer.points) {
      result.push_back({result.size(), &point, before});
      before = &point;
    }
    return result;
  }
  std::map<Indices, std::vector<const OuterPoint*>> moments;
  for (const OuterPoint& point : words.outer.points) moments[outer_indices(words, point, true)].push_back(&point);
  std::map<Indices, const OuterPoint*> before;
  std::size_t number = 0;
  for (const auto& [time, points] : moments) {
    std::map<Indices, const OuterPoint*> now;
    for (const OuterPoint* point : points) {
      Indices instance = outer_indices(words, *point, false);
      const auto known = before.find(instance);
      result.push_back({number, point, known == before.end() ? nullptr : known->second});
      now.emplace(std::move(instance), point);
    }
    before = std::move(now);
    ++number;
  }
  return result;
}

}  // namespace loopsim
