#include "models/looptree/factored/FactoredAccess.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/CheckedMath.hpp"
#include "mapping/Measures.hpp"
#include "models/looptree/factored/FactoredSeries.hpp"
#include "models/looptree/factored/IdleIndices.hpp"
#include "models/looptree/factored/MomentPairs.hpp"
#include "models/looptree/factored/PeerMoments.hpp"
#include "models/looptree/factored/ProductCounts.hpp"

namespace loopsim {

namespace {

using Indices = std::vector<Coordinate>;

void add(MovedWords& sum, const MovedWords& more) {
  sum.fills = checked_add(sum.fills, more.fills);
  sum.peer = checked_add(sum.peer, more.peer);
  sum.parent_reads = checked_add(sum.parent_reads, more.parent_reads);
}

/// Sums over all moments what moves. Moments inside a tile are sorted by the leaf loop that advanced; what differs from
/// tile to tile is then the first moment, whose predecessor lies in another tile.
class MovedWordsOfAccess {
 public:
  explicit MovedWordsOfAccess(const FactoredWords& words) : words_(words), peers_(words) {
    advanced_ = leaf_loops_of_time(words);
    for (const Factor& factor : words.factors) lane_digits_.push_back(lane_digits(factor));
    for (const FactorShapes& factor : words.outer.factors) known_cases_.emplace_back(factor.shapes.size() * cases());
  }

  MovedWords sum() {
    std::map<Indices, const OuterPoint*> by_index;
    if (peers_.outside()) {
      for (const OuterPoint& point : words_.outer.points) by_index.emplace(point.at, &point);
    }
    MovedWords sum;
    for (const PointInTime& at : points_in_time(words_)) {
      const OuterPoint* peers = nullptr;
      if (peers_.outside()) {
        Indices neighbours = at.point->at;
        --neighbours.back();
        const auto found = by_index.find(neighbours);
        if (found != by_index.end()) peers = found->second;
      }
      if (words_.path->storage) {
        add(sum, moved_within(*at.point));
        add(sum, moved_at_first(*at.point, at.before, peers));
      } else {
        // With peers outside there is one moment in the leaf.
        add(sum, peers_.outside() ? moved_at_first(*at.point, nullptr, peers) : moved_within(*at.point));
      }
    }
    return sum;
  }

 private:
  /// One for each leaf loop that may have advanced. MACs hold nothing, so there all moments are one case.
  std::size_t cases() const { return words_.path->storage ? advanced_.size() : 1; }

  /// Flags of a factor over all its moments in one case.
  const FlagCounts& counts_in_case(std::size_t factor, std::size_t shape, std::size_t number) {
    std::optional<FlagCounts>& known = known_cases_[factor][shape * cases() + number];
    if (known) return *known;
    known.emplace();
    const FactorTable& table = words_.outer.factors[factor].tables[shape];
    auto count = [&](std::size_t time, const Moment& before) {
      count_flags({&table, time, 0, std::nullopt}, before, peers_.within(factor, table, time), lane_digits_[factor],
                  *known);
    };
    if (words_.path->storage) {
      for (MomentPair pair : moment_pairs(words_, factor, table, advanced_[number])) {
        count(pair.now, {&table, pair.before, 0, std::nullopt});
      }
    } else {
      for (std::size_t time = 0; time < table.times.size(); ++time) count(time, {});
    }
    return *known;
  }

  FactorCounts with_lanes(std::size_t factor, const FlagCounts& counts) const {
    return {&counts, !lane_digits_[factor].empty()};
  }

  /// All moments of a tile but the first; at the compute level all.
  const MovedWords& moved_within(const OuterPoint& point) {
    const auto [entry, fresh] = known_tiles_.try_emplace(point.shapes);
    if (!fresh) return entry->second;
    for (std::size_t number = 0; number < cases(); ++number) {
      std::vector<FactorCounts> counts;
      for (std::size_t f = 0; f < words_.factors.size(); ++f) {
        counts.push_back(with_lanes(f, counts_in_case(f, point.shapes[f], number)));
      }
      add(entry->second, moved_words(counts, peers_.any()));
    }
    return entry->second;
  }

  /// The first moment of a tile, after the last moment of the tile `before`, with peers at the tile `peers`.
  MovedWords moved_at_first(const OuterPoint& point, const OuterPoint* before, const OuterPoint* peers) {
    std::vector<FactorCounts> counts;
    counts.reserve(words_.factors.size());
    for (std::size_t f = 0; f < words_.factors.size(); ++f) {
      counts.push_back(with_lanes(f, counts_at_first(f, point, before, peers)));
    }
    return moved_words(counts, peers_.any());
  }

  const FlagCounts& counts_at_first(std::size_t f, const OuterPoint& point, const OuterPoint* before,
                                    const OuterPoint* peers) {
    std::array<Coordinate, 6> key{static_cast<Coordinate>(f), static_cast<Coordinate>(point.shapes[f]), -1, 0, -1, 0};
    auto relative = [&](const OuterPoint* other, std::size_t at) {
      if (!other) return Moment();
      const FactorTable& table = words_.table(*other, f);
      const Coordinate shift = other->offsets[f] - point.offsets[f];
      key[at] = static_cast<Coordinate>(other->shapes[f]);
      key[at + 1] = shift;
      return Moment{&table, 0, shift, std::nullopt};
    };
    Moment then = relative(before, 2);
    if (before) then.time = then.table->times.size() - 1;
    const Moment asked = peers ? relative(peers, 4) : peers_.within(f, words_.table(point, f), 0);
    const auto [entry, fresh] = known_firsts_.try_emplace(key);
    if (fresh) {
      count_flags({&words_.table(point, f), 0, 0, std::nullopt}, then, asked, lane_digits_[f], entry->second);
    }
    return entry->second;
  }

  const FactoredWords& words_;
  PeerMoments peers_;
  std::vector<LoopPlace> advanced_;
  std::vector<std::vector<Digit>> lane_digits_;  ///< by factor
  std::vector<std::vector<std::optional<FlagCounts>>> known_cases_;
  std::map<std::vector<std::size_t>, MovedWords> known_tiles_;
  std::map<std::array<Coordinate, 6>, FlagCounts> known_firsts_;
};

void measure_sizes(const FactoredWords& words, AccessCounts& counts) {
  std::int64_t length = 0;
  for (const OuterPoint& point : words.outer.points) {
    std::int64_t most_words = 1;
    std::int64_t cells = 1;
    for (std::size_t f = 0; f < words.factors.size(); ++f) {
      most_words = checked_multiply(most_words, words.table(point, f).most_words);
      cells = checked_multiply(cells, words.table(point, f).cells);
    }
    counts.max_occupancy = std::max(counts.max_occupancy, most_words);
    length = checked_add(length, cells);
  }
  counts.series_length = static_cast<std::size_t>(length);
}

}  // namespace

std::optional<AccessCounts> factored_access(const BoundTree& tree, const AccessPath& path, TileLists& tiles,
                                            bool with_series) {
  std::optional<FactoredWords> words = factored_words(tree, path, tiles);
  if (!words) return std::nullopt;
  if (path.storage && !drop_idle_time(tree, *words)) return std::nullopt;
  AccessCounts counts;
  measure_sizes(*words, counts);
  const MovedWords moved = MovedWordsOfAccess(*words).sum();
  counts.fills = moved.fills;
  counts.peer = moved.peer;
  counts.parent_reads = moved.parent_reads;
  if (with_series && counts.series_length <= longest_series) add_series(*words, counts);
  return counts;
}

}  // namespace loopsim
