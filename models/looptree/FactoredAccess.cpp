#include "models/looptree/FactoredAccess.hpp"

#include <algorithm>
#include <map>

#include "base/CheckedMath.hpp"
#include "models/looptree/OuterPoints.hpp"
#include "models/looptree/ProductCounts.hpp"

namespace loopsim {

namespace {

using Indices = std::vector<Coordinate>;

/// A leaf loop of one of the factors.
struct LoopPlace {
  std::size_t factor = 0;
  std::size_t loop = 0;  ///< into Factor::loops
};

class FactoredCount {
 public:
  FactoredCount(const BoundTree& tree, const AccessPath& path, std::vector<Factor> factors, OuterPoints outer)
      : tree_(tree), path_(path), factors_(std::move(factors)), outer_(std::move(outer)) {}

  std::optional<AccessCounts> run() {
    for (std::size_t f = 0; f < factors_.size(); ++f) tabulate(tree_, factors_[f], outer_.factors[f]);
    if (!merge_outer_loops() || (path_.storage && !drop_idle_time())) return std::nullopt;
    find_cases();
    find_peers();
    AccessCounts counts;
    measure_sizes(counts);
    add_moved_words(counts);
    return counts;
  }

 private:
  const FactorLoop& loop_at(LoopPlace place) const { return factors_[place.factor].loops[place.loop]; }

  /// Leaf loops of some roles, from the outside in.
  template <class Wanted>
  std::vector<LoopPlace> leaf_loops_where(Wanted wanted) const {
    std::vector<LoopPlace> places;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      for (std::size_t l = 0; l < factors_[f].loops.size(); ++l) {
        if (wanted(factors_[f].loops[l].role)) places.push_back({f, l});
      }
    }
    std::sort(places.begin(), places.end(),
              [&](LoopPlace a, LoopPlace b) { return loop_at(a).depth < loop_at(b).depth; });
    return places;
  }

  const FactorTable& table(const OuterPoint& point, std::size_t factor) const {
    return outer_.factors[factor].tables[point.shapes[factor]];
  }

  // R5: indices that the words do not depend on ---------------------------------------------------------------------

  /// False where the outer indices cannot be judged by shapes.
  bool drop_idle_time() {
    std::vector<LoopPlace> loops = leaf_loops_where([](IndexRole role) { return role == IndexRole::time; });
    std::vector<LoopPlace> idle;
    while (!loops.empty() && !depends_on(loops.back())) {
      idle.push_back(loops.back());
      loops.pop_back();
    }
    std::vector<bool> changed(factors_.size());
    for (LoopPlace place : idle) {
      factors_[place.factor].loops[place.loop].role = IndexRole::merged;
      changed[place.factor] = true;
    }
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      if (changed[f]) tabulate(tree_, factors_[f], outer_.factors[f]);
    }
    return !loops.empty() || drop_outer_time();
  }

  bool depends_on(LoopPlace place) const {
    const std::size_t depth = loop_at(place).depth;
    std::vector<char> depends;
    for (const FactorTable& shape : outer_.factors[place.factor].tables) {
      depends.push_back(depends_on_loops_from(factors_[place.factor], shape, depth));
    }
    return std::any_of(outer_.points.begin(), outer_.points.end(), [&](const OuterPoint& point) {
      if (!depends[point.shapes[place.factor]]) return false;
      for (std::size_t f = 0; f < factors_.size(); ++f) {
        if (f != place.factor && table(point, f).most_words == 0) return false;
      }
      return true;
    });
  }

  /// How one factor of two tiles compares where both have the instance.
  struct Likeness {
    bool differs = false;
    bool common_words = false;     ///< some instance has words in both
    bool same_instances = true;
  };

  Likeness compare(const OuterPoint& a, const OuterPoint& b, std::size_t factor) const {
    const FactorTable& x = table(a, factor);
    const FactorTable& y = table(b, factor);
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
  Dependence compare(const OuterPoint& a, const OuterPoint& b) const {
    std::size_t differing = factors_.size();
    std::size_t without_common_words = 0;
    std::size_t last_without = factors_.size();
    bool same_instances = true;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      const Likeness likeness = compare(a, b, f);
      if (likeness.differs) differing = f;
      if (!likeness.common_words) {
        ++without_common_words;
        last_without = f;
      }
      same_instances &= likeness.same_instances;
    }
    if (differing == factors_.size()) return same_instances ? Dependence::none : Dependence::unclear;
    const bool others_common = without_common_words == 0 || (without_common_words == 1 && last_without == differing);
    return others_common ? Dependence::certain : Dependence::unclear;
  }

  /// Removes an outer index that makes no difference to the words; otherwise tells what it does and removes nothing.
  Dependence remove_outer_index(std::size_t index) {
    std::map<Indices, std::size_t> first;
    std::vector<OuterPoint> kept;
    Dependence result = Dependence::none;
    for (const OuterPoint& point : outer_.points) {
      OuterPoint shorter = point;
      shorter.at.erase(shorter.at.begin() + static_cast<std::ptrdiff_t>(index));
      const auto [entry, fresh] = first.try_emplace(shorter.at, kept.size());
      if (fresh) {
        kept.push_back(std::move(shorter));
        continue;
      }
      const Dependence dependence = compare(kept[entry->second], point);
      if (dependence == Dependence::certain) return dependence;
      if (dependence == Dependence::unclear) result = dependence;
    }
    if (result != Dependence::none) return result;
    outer_.points = std::move(kept);
    outer_.roles.erase(outer_.roles.begin() + static_cast<std::ptrdiff_t>(index));
    return Dependence::none;
  }

  /// Loops between the tensor's own node and its buffer's last one. False if their iterations bring different words.
  bool merge_outer_loops() {
    for (std::size_t i = outer_.roles.size(); i-- > 0;) {
      if (outer_.roles[i] == IndexRole::merged && remove_outer_index(i) != Dependence::none) return false;
    }
    return true;
  }

  /// Once no index of time is left in the leaf, every outer iteration is one moment.
  bool drop_outer_time() {
    for (std::size_t i = outer_.roles.size(); i-- > 0;) {
      if (outer_.roles[i] != IndexRole::time) continue;
      const Dependence dependence = remove_outer_index(i);
      if (dependence != Dependence::none) return dependence == Dependence::certain;
    }
    return true;
  }

  // Moments and the ones before ------------------------------------------------------------------------------------

  struct Pair {
    std::size_t now = 0;
    std::size_t before = 0;
  };

  /// Which leaf loop advanced since the previous moment. Loops around it stand still, loops inside it went from their
  /// last iteration to their first. The MACs have no previous moment, so there is one case of all moments.
  void find_cases() {
    cases_ = leaf_loops_where([](IndexRole role) { return role == IndexRole::time; });
    known_cases_.assign(factors_.size(), {});
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      known_cases_[f].resize(outer_.factors[f].shapes.size() * case_count());
    }
  }

  std::size_t case_count() const { return path_.storage ? cases_.size() : 1; }

  std::vector<Pair> pairs(std::size_t factor, const FactorTable& table_of, LoopPlace advanced) const {
    const std::size_t depth = loop_at(advanced).depth;
    std::uint64_t inside = 1;
    std::uint64_t own = 1;
    for (const FactorLoop& loop : factors_[factor].loops) {
      if (loop.role != IndexRole::time) continue;
      if (loop.depth > depth) inside *= loop.radix;
      if (loop.depth == depth && factor == advanced.factor) own = loop.radix;
    }
    const std::vector<std::uint64_t>& times = table_of.times;
    std::vector<Pair> result;
    if (factor == advanced.factor) {
      for (std::size_t t = 1; t < times.size(); ++t) {
        const std::uint64_t now = times[t] / inside;
        const std::uint64_t before = times[t - 1] / inside;
        if (now != before && now / own == before / own) result.push_back({t, t - 1});
      }
      return result;
    }
    for (std::size_t t = 0; t < times.size(); ++t) {
      if (result.empty() || times[t] / inside != times[result.back().now] / inside) result.push_back({t, t});
      result.back().before = t;
    }
    return result;
  }

  // R6: peers ------------------------------------------------------------------------------------------------------

  void find_peers() {
    std::size_t lanes = 0;
    for (const Factor& factor : factors_) {
      lane_digits_.push_back(lane_digits(factor));
      lanes += lane_digits_.back().size();
    }
    const bool has_time = !cases_.empty() || std::find(outer_.roles.begin(), outer_.roles.end(), IndexRole::time) !=
                                                 outer_.roles.end();
    if (!has_time || path_.last_is_stage || lanes == 0 || lanes > 2) return;
    const std::vector<LoopPlace> others = leaf_loops_where(
        [](IndexRole role) { return role == IndexRole::time || role == IndexRole::instance; });
    if (!others.empty()) {
      last_leaf_ = others.back();
    } else if (outer_.roles.empty() || outer_.roles.back() == IndexRole::stage) {
      return;
    }
    with_peers_ = true;
  }

  /// Where peers are asked about at the leaf moment `time`.
  Moment peers_within(std::size_t factor, const FactorTable& table_of, std::size_t time) const {
    if (!with_peers_ || !last_leaf_) return {};
    Moment peers{&table_of, time, 0, std::nullopt};
    if (last_leaf_->factor != factor) return peers;
    const FactorLoop& loop = loop_at(*last_leaf_);
    const Digit digit{digit_weights(factors_[factor], loop.role)[last_leaf_->loop], loop.radix};
    if (loop.role == IndexRole::instance) {
      peers.instance_before = digit;
      return peers;
    }
    const std::uint64_t now = table_of.times[time];
    if (digit.of(now) == 0) return {};
    const auto at = std::lower_bound(table_of.times.begin(), table_of.times.end(), now - digit.weight);
    if (at == table_of.times.end() || *at != now - digit.weight) return {};
    peers.time = static_cast<std::size_t>(at - table_of.times.begin());
    return peers;
  }

  // Sums -----------------------------------------------------------------------------------------------------------

  /// Flags of a factor over all its moments in one case.
  const FlagCounts& counts_in_case(std::size_t factor, std::size_t shape, std::size_t number) {
    std::optional<FlagCounts>& known = known_cases_[factor][shape * case_count() + number];
    if (known) return *known;
    known.emplace();
    const FactorTable& t = outer_.factors[factor].tables[shape];
    if (!path_.storage) {
      for (std::size_t time = 0; time < t.times.size(); ++time) {
        count_flags({&t, time, 0, std::nullopt}, {}, peers_within(factor, t, time), lane_digits_[factor], *known);
      }
      return *known;
    }
    for (Pair pair : pairs(factor, t, cases_[number])) {
      count_flags({&t, pair.now, 0, std::nullopt}, {&t, pair.before, 0, std::nullopt},
                  peers_within(factor, t, pair.now), lane_digits_[factor], *known);
    }
    return *known;
  }

  FactorCounts with_lanes(std::size_t factor, const FlagCounts& counts) const {
    return {&counts, !lane_digits_[factor].empty()};
  }

  /// All moments of a tile but the first (at the compute level: all).
  const MovedWords& moved_within(const OuterPoint& point) {
    const auto [entry, fresh] = known_tiles_.try_emplace(point.shapes);
    if (!fresh) return entry->second;
    for (std::size_t number = 0; number < case_count(); ++number) {
      std::vector<FactorCounts> counts;
      for (std::size_t f = 0; f < factors_.size(); ++f) {
        counts.push_back(with_lanes(f, counts_in_case(f, point.shapes[f], number)));
      }
      add(entry->second, moved_words(counts, with_peers_));
    }
    return entry->second;
  }

  /// The first moment of a tile, after the last moment of the tile `before`, with peers at the tile `peers`.
  MovedWords moved_at_first(const OuterPoint& point, const OuterPoint* before, const OuterPoint* peers) {
    std::vector<FactorCounts> counts;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      auto relative = [&](const OuterPoint* other) {
        return other ? std::pair<Coordinate, Coordinate>(other->shapes[f], other->offsets[f] - point.offsets[f])
                     : std::pair<Coordinate, Coordinate>(-1, 0);
      };
      const auto [before_shape, before_shift] = relative(before);
      const auto [peers_shape, peers_shift] = relative(peers);
      const Indices key{static_cast<Coordinate>(f), static_cast<Coordinate>(point.shapes[f]), before_shape,
                        before_shift, peers_shape, peers_shift};
      const auto [entry, fresh] = known_firsts_.try_emplace(key);
      if (fresh) {
        Moment then;
        if (before) then = {&table(*before, f), table(*before, f).times.size() - 1, before_shift, std::nullopt};
        Moment asked = peers_within(f, table(point, f), 0);
        if (peers) asked = {&table(*peers, f), 0, peers_shift, std::nullopt};
        count_flags({&table(point, f), 0, 0, std::nullopt}, then, asked, lane_digits_[f], entry->second);
      }
      counts.push_back(with_lanes(f, entry->second));
    }
    return moved_words(counts, with_peers_);
  }

  static void add(MovedWords& sum, const MovedWords& more) {
    sum.fills = checked_add(sum.fills, more.fills);
    sum.peer = checked_add(sum.peer, more.peer);
    sum.parent_reads = checked_add(sum.parent_reads, more.parent_reads);
  }

  Indices select(const Indices& at, bool time) const {
    Indices result;
    for (std::size_t i = 0; i < at.size(); ++i) {
      if ((outer_.roles[i] == IndexRole::time) == time) result.push_back(at[i]);
    }
    return result;
  }

  void add_moved_words(AccessCounts& counts) {
    const bool peers_outside = with_peers_ && !last_leaf_;
    std::map<Indices, const OuterPoint*> by_index;
    std::map<Indices, std::size_t> moments;
    for (const OuterPoint& point : outer_.points) {
      moments.emplace(select(point.at, true), 0);
      if (peers_outside) by_index.emplace(point.at, &point);
    }
    std::size_t number = 0;
    for (auto& [time, position] : moments) position = number++;

    struct Last {
      const OuterPoint* point = nullptr;
      std::size_t moment = 0;
    };
    std::map<Indices, Last> last;  // of each instance
    std::vector<std::pair<std::size_t, const OuterPoint*>> in_time;
    for (const OuterPoint& point : outer_.points) in_time.emplace_back(moments.at(select(point.at, true)), &point);
    std::stable_sort(in_time.begin(), in_time.end(), [](auto a, auto b) { return a.first < b.first; });

    MovedWords sum;
    for (const auto& [moment, point] : in_time) {
      const bool within = last_leaf_ || !cases_.empty() || !peers_outside;
      if (path_.storage || within) add(sum, moved_within(*point));
      if (!path_.storage && within) continue;
      const OuterPoint* peers = nullptr;
      if (peers_outside) {
        Indices at = point->at;
        --at.back();
        const auto found = by_index.find(at);
        if (found != by_index.end()) peers = found->second;
      }
      Last& previous = last[select(point->at, false)];
      const bool follows = path_.storage && previous.point && previous.moment + 1 == moment;
      add(sum, moved_at_first(*point, follows ? previous.point : nullptr, peers));
      previous = {point, moment};
    }
    counts.fills = sum.fills;
    counts.peer = sum.peer;
    counts.parent_reads = sum.parent_reads;
  }

  void measure_sizes(AccessCounts& counts) const {
    struct AtWork {
      std::int64_t instances = 0;
      std::int64_t parents = 0;
    };
    std::map<Indices, AtWork> moments;
    std::int64_t length = 0;
    for (const OuterPoint& point : outer_.points) {
      std::int64_t words = 1;
      std::int64_t cells = 1;
      AtWork at_work{1, 1};
      for (std::size_t f = 0; f < factors_.size(); ++f) {
        const FactorTable& t = table(point, f);
        words = checked_multiply(words, t.most_words);
        cells = checked_multiply(cells, t.cells);
        at_work.instances = checked_multiply(at_work.instances, t.most_instances);
        at_work.parents = checked_multiply(at_work.parents, t.most_parents);
      }
      counts.max_occupancy = std::max(counts.max_occupancy, words);
      length = checked_add(length, cells);
      AtWork& moment = moments[select(point.at, true)];
      moment.instances += at_work.instances;
      moment.parents += at_work.parents;
      counts.instances = std::max(counts.instances, moment.instances);
      counts.parents = std::max(counts.parents, moment.parents);
    }
    counts.series_length = static_cast<std::size_t>(length);
  }

  const BoundTree& tree_;
  const AccessPath& path_;
  std::vector<Factor> factors_;
  OuterPoints outer_;
  std::vector<LoopPlace> cases_;
  std::vector<std::vector<Digit>> lane_digits_;
  std::optional<LoopPlace> last_leaf_;
  bool with_peers_ = false;
  std::vector<std::vector<std::optional<FlagCounts>>> known_cases_;
  std::map<std::vector<std::size_t>, MovedWords> known_tiles_;
  std::map<Indices, FlagCounts> known_firsts_;
};

}  // namespace

std::optional<AccessCounts> factored_access(const BoundTree& tree, const AccessPath& path, TileLists& tiles) {
  const LeafLoops leaf = leaf_loops(tree, path.einsum);
  const std::size_t outer = indices_above(tree, leaf.top).size();
  if (path.indices.size() < outer) return std::nullopt;
  auto factors = factors_of(tree, path, leaf);
  if (!factors) return std::nullopt;
  auto points = outer_points(tree, path, *factors, leaf, tiles.above(leaf.top, path.einsum));
  if (!points || points->points.empty()) return std::nullopt;
  return FactoredCount(tree, path, std::move(*factors), std::move(*points)).run();
}

}  // namespace loopsim
