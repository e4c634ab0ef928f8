#include "models/looptree/factored/FactorTable.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "mapping/tiles/LoopSlice.hpp"

namespace loopsim {

namespace {

struct Entry {
  std::uint64_t time = 0;
  std::uint64_t instance = 0;
  std::uint64_t lane = 0;
  IntervalSet words;
};

/// Runs through the factor's loops over one tile.
class Walk {
 public:
  Walk(const BoundTree& tree, const Factor& factor)
      : tree_(tree),
        factor_(factor),
        time_weights_(digit_weights(factor, IndexRole::time)),
        instance_weights_(digit_weights(factor, IndexRole::instance)),
        lane_weights_(digit_weights(factor, IndexRole::lane)) {}

  void add(const FactorTile& tile, std::uint64_t lane) {
    ranges_ = tile.ranges;
    extent_ = tile.extent ? &*tile.extent : nullptr;
    offset_ = tile.offset;
    Entry first;
    first.lane = lane;
    descend(0, std::move(first));
  }

  std::vector<Entry> take_entries() { return std::exchange(entries_, {}); }

 private:
  void descend(std::size_t depth, Entry at) {
    if (depth == factor_.loops.size()) {
      at.words = words();
      entries_.push_back(std::move(at));
      return;
    }
    const FactorLoop& loop = factor_.loops[depth];
    const IntervalSet range = ranges_[loop.rank];
    const Coordinate low = range.least();
    const Coordinate high = range.greatest() + 1;
    const std::int64_t shape = tile_shape_of(tree_.nodes[loop.node], high - low);
    for (Coordinate i = 0; low + i * shape < high; ++i) {
      IntervalSet part = intersect(range, IntervalSet(low + i * shape, low + (i + 1) * shape));
      if (part.empty()) continue;
      ranges_[loop.rank] = std::move(part);
      const auto digit = static_cast<std::uint64_t>(i);
      Entry inside = at;
      inside.time += digit * time_weights_[depth];
      inside.instance += digit * instance_weights_[depth];
      inside.lane += digit * lane_weights_[depth];
      descend(depth + 1, std::move(inside));
    }
    ranges_[loop.rank] = range;
  }

  IntervalSet words() const {
    IntervalSet sum(0, 1);
    if (!factor_.expression) return sum;
    for (std::size_t i = 0; i < factor_.expression->terms.size(); ++i) {
      sum = minkowski_sum(sum, scale(ranges_[i], factor_.expression->terms[i].coefficient));
    }
    if (extent_) sum = intersect(sum, *extent_);
    return offset_ == 0 ? sum : shift(sum, offset_);
  }

  const BoundTree& tree_;
  const Factor& factor_;
  std::vector<std::uint64_t> time_weights_;
  std::vector<std::uint64_t> instance_weights_;
  std::vector<std::uint64_t> lane_weights_;
  std::vector<IntervalSet> ranges_;
  const IntervalSet* extent_ = nullptr;
  Coordinate offset_ = 0;
  std::vector<Entry> entries_;
};

template <class Get>
std::vector<std::uint64_t> distinct(const std::vector<Entry>& entries, Get get) {
  std::vector<std::uint64_t> keys;
  for (const Entry& entry : entries) {
    if (keys.empty() || keys.back() != get(entry)) keys.push_back(get(entry));
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::size_t position(const std::vector<std::uint64_t>& keys, std::uint64_t key) {
  return static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), key) - keys.begin());
}

/// Number of values of the leaf loops' digits of the lane index.
std::uint64_t leaf_lanes(const Factor& factor) {
  std::uint64_t product = 1;
  for (const FactorLoop& loop : factor.loops) {
    if (loop.role == IndexRole::lane) product *= loop.radix;
  }
  return product;
}

void measure(FactorTable& table) {
  for (std::size_t cell = 0; cell < table.words.size(); ++cell) {
    if (!table.exists[cell]) continue;
    ++table.cells;
    table.most_words = std::max(table.most_words, table.words[cell].size());
  }
}

}  // namespace

FactorTable factor_table(const BoundTree& tree, const Factor& factor, const FactorShape& shape) {
  Walk walk(tree, factor);
  const std::uint64_t outer_weight = leaf_lanes(factor);
  for (const FactorTile& tile : shape.tiles) walk.add(tile, tile.lane * outer_weight);
  std::vector<Entry> entries = walk.take_entries();
  FactorTable table;
  table.times = distinct(entries, [](const Entry& e) { return e.time; });
  table.instances = distinct(entries, [](const Entry& e) { return e.instance; });
  table.lanes = distinct(entries, [](const Entry& e) { return e.lane; });
  if (shape.tiles.size() > 1 || shape.longest != shape.tiles.front().ranges) {
    walk.add({0, 0, shape.longest, std::nullopt}, 0);
    table.times = distinct(walk.take_entries(), [](const Entry& e) { return e.time; });
  }
  const std::size_t cells = table.times.size() * table.instances.size() * table.lanes.size();
  table.words.resize(cells);
  table.exists.resize(cells);
  for (Entry& entry : entries) {
    const std::size_t cell = table.cell(position(table.times, entry.time), position(table.instances, entry.instance),
                                        position(table.lanes, entry.lane));
    if (table.exists[cell]) {
      table.words[cell] = unite(table.words[cell], entry.words);
    } else {
      table.words[cell] = std::move(entry.words);
      table.exists[cell] = 1;
    }
  }
  measure(table);
  return table;
}

bool depends_on_loops_from(const Factor& factor, const FactorTable& table, std::size_t depth) {
  // Times that differ in loops from `depth` on only are neighbours in the sorted list.
  std::uint64_t below = 1;
  for (const FactorLoop& loop : factor.loops) {
    if (loop.role == IndexRole::time && loop.depth >= depth) below *= loop.radix;
  }
  const std::size_t width = table.instances.size() * table.lanes.size();
  std::vector<const IntervalSet*> known(width);
  for (std::size_t time = 0; time < table.times.size(); ++time) {
    if (time > 0 && table.times[time] / below != table.times[time - 1] / below) {
      std::fill(known.begin(), known.end(), nullptr);
    }
    for (std::size_t i = 0; i < width; ++i) {
      const std::size_t cell = time * width + i;
      if (!table.exists[cell]) continue;
      if (known[i] && *known[i] != table.words[cell]) return true;
      known[i] = &table.words[cell];
    }
  }
  return false;
}

}  // namespace loopsim
