#include "models/looptree/factored/FlagCounts.hpp"

#include <algorithm>

namespace loopsim {

namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

std::size_t find(const std::vector<std::uint64_t>& keys, std::uint64_t key) {
  const auto at = std::lower_bound(keys.begin(), keys.end(), key);
  return at != keys.end() && *at == key ? static_cast<std::size_t>(at - keys.begin()) : nowhere;
}

}  // namespace

const IntervalSet* words_at(const Moment& moment, std::uint64_t instance, std::uint64_t lane) {
  if (!moment.table) return nullptr;
  if (moment.instance_before) {
    if (moment.instance_before->of(instance) == 0) return nullptr;
    instance -= moment.instance_before->weight;
  }
  const std::size_t i = find(moment.table->instances, instance);
  const std::size_t l = find(moment.table->lanes, lane);
  if (i == nowhere || l == nowhere) return nullptr;
  const std::size_t cell = moment.table->cell(moment.time, i, l);
  return moment.table->exists[cell] ? &moment.table->words[cell] : nullptr;
}

std::int64_t size_of_intersection(const IntervalSet& a, const IntervalSet& b, Coordinate shift_of_b) {
  std::int64_t total = 0;
  auto x = a.runs().begin();
  auto y = b.runs().begin();
  while (x != a.runs().end() && y != b.runs().end()) {
    const Coordinate end = y->high + shift_of_b;
    total += std::max<Coordinate>(std::min(x->high, end) - std::max(x->low, y->low + shift_of_b), 0);
    if (x->high < end) {
      ++x;
    } else {
      ++y;
    }
  }
  return total;
}

namespace {

/// Tells of increasing coordinates whether a set, moved by `shift`, has them.
class FlagCursor {
 public:
  FlagCursor(const IntervalSet* set, Coordinate shift) : set_(set), shift_(shift) {}

  bool has(Coordinate x) {
    const auto& runs = set_->runs();
    while (next_ < runs.size() && runs[next_].high + shift_ <= x) ++next_;
    return next_ < runs.size() && runs[next_].low + shift_ <= x;
  }

  void add_bounds(std::vector<Coordinate>& bounds) const {
    for (Interval run : set_->runs()) bounds.insert(bounds.end(), {run.low + shift_, run.high + shift_});
  }

 private:
  const IntervalSet* set_;
  Coordinate shift_;
  std::size_t next_ = 0;
};

struct FlagLane {
  FlagCursor now;
  std::vector<std::pair<FlagCursor, WordFlag>> flagging;
};

std::vector<FlagLane> lanes_at(const Moment& now, std::uint64_t instance_index, const Moment& before,
                               const Moment& peers, const std::vector<Digit>& digits) {
  std::vector<FlagLane> lanes;
  const std::uint64_t instance = now.table->instances[instance_index];
  for (std::size_t l = 0; l < now.table->lanes.size(); ++l) {
    const std::size_t cell = now.table->cell(now.time, instance_index, l);
    if (!now.table->exists[cell]) continue;
    const std::uint64_t key = now.table->lanes[l];
    FlagLane lane{FlagCursor(&now.table->words[cell], 0), {}};
    auto flag = [&](const Moment& moment, std::uint64_t at, WordFlag bit) {
      if (const IntervalSet* words = words_at(moment, instance, at)) {
        lane.flagging.emplace_back(FlagCursor(words, moment.shift), bit);
      }
    };
    flag(before, key, held_before);
    flag(peers, key, held_at_peer_time);
    for (Digit digit : digits) {
      const std::uint64_t value = digit.of(key);
      if (value > 0) flag(peers, key - digit.weight, held_by_peer);
      if (value + 1 < digit.radix) flag(peers, key + digit.weight, held_by_peer);
    }
    lanes.push_back(std::move(lane));
  }
  return lanes;
}

void count_runs(std::vector<FlagLane>& lanes, FlagCounts& counts) {
  std::vector<Coordinate> bounds;
  for (const FlagLane& lane : lanes) {
    lane.now.add_bounds(bounds);
    for (const auto& [cursor, bit] : lane.flagging) cursor.add_bounds(bounds);
  }
  std::sort(bounds.begin(), bounds.end());
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    const std::int64_t size = bounds[i + 1] - bounds[i];
    unsigned combinations = 0;
    for (FlagLane& lane : lanes) {
      if (!lane.now.has(bounds[i])) continue;
      unsigned flags = 0;
      for (auto& [cursor, bit] : lane.flagging) {
        if (cursor.has(bounds[i])) flags |= bit;
      }
      counts.in_lanes[flags] += size;
      combinations |= 1U << flags;
    }
    if (combinations != 0) counts.words[static_cast<std::uint8_t>(combinations)] += size;
  }
}

/// The usual case: one lane that nobody shares with, and no peers.
void count_single(const IntervalSet& now, const IntervalSet* before, Coordinate shift_of_before, FlagCounts& counts) {
  const std::int64_t held = before ? size_of_intersection(now, *before, shift_of_before) : 0;
  const std::int64_t fresh = now.size() - held;
  counts.in_lanes[held_before] += held;
  counts.in_lanes[0] += fresh;
  if (held > 0) counts.words[1U << held_before] += held;
  if (fresh > 0) counts.words[1U << 0] += fresh;
}

}  // namespace

std::int64_t FlagCounts::total_in_lanes() const {
  std::int64_t total = 0;
  for (std::int64_t count : in_lanes) total += count;
  return total;
}

std::int64_t FlagCounts::total_words() const {
  std::int64_t total = 0;
  for (const auto& [combinations, count] : words) total += count;
  return total;
}

void FlagCounts::add(const FlagCounts& other) {
  for (std::size_t i = 0; i < flag_combinations; ++i) in_lanes[i] += other.in_lanes[i];
  for (const auto& [combinations, count] : other.words) words[combinations] += count;
}

void count_flags(const Moment& now, const Moment& before, const Moment& peers, const std::vector<Digit>& lanes,
                 FlagCounts& counts) {
  const FactorTable& table = *now.table;
  for (std::size_t instance = 0; instance < table.instances.size(); ++instance) {
    if (table.lanes.size() == 1 && !peers.table) {
      const std::size_t cell = table.cell(now.time, instance, 0);
      if (!table.exists[cell]) continue;
      count_single(table.words[cell], words_at(before, table.instances[instance], table.lanes[0]), before.shift,
                   counts);
      continue;
    }
    std::vector<FlagLane> side_by_side = lanes_at(now, instance, before, peers, lanes);
    count_runs(side_by_side, counts);
  }
}

}  // namespace loopsim
