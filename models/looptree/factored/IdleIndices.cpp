#include "models/looptree/factored/IdleIndices.hpp"

#include <map>

#include "models/looptree/factored/FlagCounts.hpp"

namespace loopsim {

namespace {

/// How one factor of two tiles compares where both have the instance.
struct Likeness {
  bool differs = false;
  bool common_words = false;  ///< some instance has words in both
  bool same_instances = true;
};

Likeness compare(const FactoredWords& words, const OuterPoint& a, const OuterPoint& b, std::size_t factor) {
  const FactorTable& x = words.table(a, factor);
  const FactorTable& y = words.table(b, factor);
  const Coordinate offset = b.offsets[factor] - a.offsets[factor];
  if (&x == &y && offset == 0) return {false, x.most_words > 0, true};
  Likeness result;
  result.same_instances = x.instances == y.instances && x.lanes == y.lanes && x.exists == y.exists;
  for (std::size_t i = 0; i < x.instances.size(); ++i) {
    for (std::size_t l = 0; l < x.lanes.size(); ++l) {
      const std::size_t cell = x.cell(0, i, l);
      if (!x.exists[cell]) continue;
      const IntervalSet* other = words_at({&y, 0, 0, std::nullopt}, x.instances[i], x.lanes[l]);
      if (!other) continue;
      result.differs |= x.words[cell] != shift(*other, offset);
      result.common_words |= !x.words[cell].empty() && !other->empty();
    }
  }
  return result;
}

enum class Dependence { none, certain, unclear };

/// Do the words of two tiles differ in some instance that both have?
Dependence compare(const FactoredWords& words, const OuterPoint& a, const OuterPoint& b) {
  std::size_t differing = words.factors.size();
  std::size_t without_common_words = 0;
  std::size_t last_without = words.factors.size();
  bool same_instances = true;
  for (std::size_t f = 0; f < words.factors.size(); ++f) {
    const Likeness likeness = compare(words, a, b, f);
    if (likeness.differs) differing = f;
    if (!likeness.common_words) {
      ++without_common_words;
      last_without = f;
    }
    same_instances &= likeness.same_instances;
  }
  if (differing == words.factors.size()) return same_instances ? Dependence::none : Dependence::unclear;
  const bool others_common = without_common_words == 0 || (without_common_words == 1 && last_without == differing);
  return others_common ? Dependence::certain : Dependence::unclear;
}

/// Removes an outer index that makes no difference to the words; otherwise tells what it does and removes nothing.
Dependence remove_outer_index(FactoredWords& words, std::size_t index) {
  std::map<std::vector<Coordinate>, std::size_t> first;
  std::vector<OuterPoint> kept;
  Dependence result = Dependence::none;
  for (const OuterPoint& point : words.outer.points) {
    OuterPoint shorter = point;
    shorter.at.erase(shorter.at.begin() + static_cast<std::ptrdiff_t>(index));
    const auto [entry, fresh] = first.try_emplace(shorter.at, kept.size());
    if (fresh) {
      kept.push_back(std::move(shorter));
      continue;
    }
    const Dependence dependence = compare(words, kept[entry->second], point);
    if (dependence == Dependence::certain) return dependence;
    if (dependence == Dependence::unclear) result = dependence;
  }
  if (result != Dependence::none) return result;
  words.outer.points = std::move(kept);
  words.outer.roles.erase(words.outer.roles.begin() + static_cast<std::ptrdiff_t>(index));
  words.outer.positions.erase(words.outer.positions.begin() + static_cast<std::ptrdiff_t>(index));
  return Dependence::none;
}

/// Does anything change with the index of a leaf loop, those inside it being idle?
bool depends_on(const FactoredWords& words, LoopPlace place) {
  std::vector<char> depends;
  for (const FactorTable& table : words.outer.factors[place.factor].tables) {
    depends.push_back(depends_on_loops_from(words.factors[place.factor], table, words.loop_at(place).depth));
  }
  return std::any_of(words.outer.points.begin(), words.outer.points.end(), [&](const OuterPoint& point) {
    if (!depends[point.shapes[place.factor]]) return false;
    for (std::size_t f = 0; f < words.factors.size(); ++f) {
      if (f != place.factor && words.table(point, f).most_words == 0) return false;
    }
    return true;
  });
}

/// Once no index of time is left in the leaf, every outer iteration is one moment.
bool drop_outer_time(FactoredWords& words) {
  for (std::size_t i = words.outer.roles.size(); i-- > 0;) {
    if (words.outer.roles[i] != IndexRole::time) continue;
    const Dependence dependence = remove_outer_index(words, i);
    if (dependence != Dependence::none) return dependence == Dependence::certain;
  }
  return true;
}

}  // namespace

bool drop_idle_time(const BoundTree& tree, FactoredWords& words) {
  std::vector<LoopPlace> loops = leaf_loops_of_time(words);
  std::vector<LoopPlace> idle;
  while (!loops.empty() && !depends_on(words, loops.back())) {
    idle.push_back(loops.back());
    loops.pop_back();
  }
  std::vector<bool> changed(words.factors.size());
  for (LoopPlace place : idle) {
    words.factors[place.factor].loops[place.loop].role = IndexRole::merged;
    changed[place.factor] = true;
  }
  for (std::size_t f = 0; f < words.factors.size(); ++f) {
    if (changed[f]) tabulate(tree, words.factors[f], words.outer.factors[f]);
  }
  return !loops.empty() || drop_outer_time(words);
}

}  // namespace loopsim
