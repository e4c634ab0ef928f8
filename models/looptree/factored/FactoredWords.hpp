#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "models/looptree/factored/OuterPoints.hpp"

namespace loopsim {

/// A leaf loop of one of the factors.
struct LoopPlace {
  std::size_t factor = 0;
  std::size_t loop = 0;  ///< into Factor::loops
};

/// The words of an access at all moments and in all instances, as products of factors.
struct FactoredWords {
  const AccessPath* path = nullptr;
  std::vector<Factor> factors;
  OuterPoints outer;

  const FactorLoop& loop_at(LoopPlace place) const { return factors[place.factor].loops[place.loop]; }
  const FactorTable& table(const OuterPoint& point, std::size_t factor) const {
    return outer.factors[factor].tables[point.shapes[factor]];
  }
};

/// Splits the words of a path; nothing where they are no products.
std::optional<FactoredWords> factored_words(const BoundTree& tree, const AccessPath& path, TileLists& tiles);

/// Leaf loops of the roles that `wanted` accepts, from the outside in.
template <class Wanted>
std::vector<LoopPlace> leaf_loops_where(const FactoredWords& words, Wanted wanted) {
  std::vector<LoopPlace> places;
  for (std::size_t f = 0; f < words.factors.size(); ++f) {
    for (std::size_t l = 0; l < words.factors[f].loops.size(); ++l) {
      if (wanted(words.factors[f].loops[l].role)) places.push_back({f, l});
    }
  }
  std::sort(places.begin(), places.end(),
            [&](LoopPlace a, LoopPlace b) { return words.loop_at(a).depth < words.loop_at(b).depth; });
  return places;
}

inline std::vector<LoopPlace> leaf_loops_of_time(const FactoredWords& words) {
  return leaf_loops_where(words, [](IndexRole role) { return role == IndexRole::time; });
}

/// The outer indices of a point that belong to time, or those that do not.
std::vector<Coordinate> outer_indices(const FactoredWords& words, const OuterPoint& point, bool time);

/// Outer points with the number of their moment, in the order of time.
struct PointInTime {
  std::size_t moment = 0;
  const OuterPoint* point = nullptr;
  const OuterPoint* before = nullptr;  ///< the same instance at the previous moment, if it is at work there
};
std::vector<PointInTime> points_in_time(const FactoredWords& words);

}  // namespace loopsim
