#include "models/looptree/factored/FactoredSeries.hpp"

#include <numeric>

#include "models/looptree/factored/FlagCounts.hpp"

namespace loopsim {

namespace {

/// Where an index of the series comes from.
struct Column {
  std::size_t outer = 0;  ///< into OuterPoint::at, if there is no factor
  std::optional<std::size_t> factor;
  IndexRole role = IndexRole::time;  ///< which of the factor's packed indices holds it
  Digit digit;
};

/// One cell of every factor's table.
struct CellChoice {
  std::size_t time = 0;
  std::size_t instance = 0;
  std::size_t lane = 0;
};

class SeriesBuilder {
 public:
  explicit SeriesBuilder(const FactoredWords& words) : words_(words) { find_columns(); }

  void build(AccessCounts& counts) {
    for (const PointInTime& at : points_in_time(words_)) add_tile(at);
    std::vector<std::size_t> order(fills_.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    const std::size_t width = columns_.size();
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const auto x = keys_.begin() + static_cast<std::ptrdiff_t>(a * width);
      const auto y = keys_.begin() + static_cast<std::ptrdiff_t>(b * width);
      return std::lexicographical_compare(x, x + static_cast<std::ptrdiff_t>(width), y,
                                          y + static_cast<std::ptrdiff_t>(width));
    });
    std::vector<std::int64_t>& fill_series = counts.fill_series.emplace();
    std::vector<std::int64_t>& occupancy_series = counts.occupancy_series.emplace();
    for (std::size_t i : order) {
      fill_series.push_back(fills_[i]);
      occupancy_series.push_back(sizes_[i]);
    }
  }

 private:
  /// All indices in the order of the path: those above the leaf, lanes among them, then the leaf loops.
  void find_columns() {
    std::vector<Column> outer;
    for (std::size_t i = 0; i < words_.outer.roles.size(); ++i) {
      Column column;
      column.outer = i;
      outer.push_back(column);
    }
    struct Lane {
      std::size_t index;
      Column column;
    };
    std::vector<Lane> lanes;
    for (std::size_t f = 0; f < words_.factors.size(); ++f) {
      const std::vector<Digit> digits = lane_digits(words_.factors[f]);
      for (std::size_t i = 0; i < words_.factors[f].outer_lanes.size(); ++i) {
        lanes.push_back({words_.factors[f].outer_lanes[i].index, {0, f, IndexRole::lane, digits[i]}});
      }
    }
    std::sort(lanes.begin(), lanes.end(), [](const Lane& a, const Lane& b) { return a.index < b.index; });
    columns_ = merge_by_position(outer, lanes);
    const auto counted = [](IndexRole role) { return role != IndexRole::merged; };
    for (LoopPlace place : leaf_loops_where(words_, counted)) {
      const FactorLoop& loop = words_.loop_at(place);
      const Digit digit{digit_weights(words_.factors[place.factor], loop.role)[place.loop], loop.radix};
      columns_.push_back({0, place.factor, loop.role, digit});
    }
  }

  /// `positions` tells where each remaining outer index stood among all of them.
  template <class Lanes>
  std::vector<Column> merge_by_position(const std::vector<Column>& outer, const Lanes& lanes) const {
    std::vector<Column> result;
    std::size_t lane = 0;
    for (const Column& column : outer) {
      while (lane < lanes.size() && lanes[lane].index < words_.outer.positions[column.outer]) {
        result.push_back(lanes[lane++].column);
      }
      result.push_back(column);
    }
    while (lane < lanes.size()) result.push_back(lanes[lane++].column);
    return result;
  }

  std::uint64_t packed(const OuterPoint& point, const Column& column, const std::vector<CellChoice>& choice) const {
    const FactorTable& table = words_.table(point, *column.factor);
    const CellChoice& cell = choice[*column.factor];
    if (column.role == IndexRole::time) return table.times[cell.time];
    return column.role == IndexRole::lane ? table.lanes[cell.lane] : table.instances[cell.instance];
  }

  /// Combinations of the factors' moments, in the order of time.
  std::vector<std::vector<CellChoice>> moments_of(const OuterPoint& point) const {
    std::vector<std::vector<CellChoice>> moments(1, std::vector<CellChoice>(words_.factors.size()));
    for (std::size_t f = 0; f < words_.factors.size(); ++f) {
      const std::size_t times = words_.table(point, f).times.size();
      if (times == 1) continue;
      std::vector<std::vector<CellChoice>> more;
      for (const auto& moment : moments) {
        for (std::size_t time = 0; time < times; ++time) {
          more.push_back(moment);
          more.back()[f].time = time;
        }
      }
      moments = std::move(more);
    }
    std::sort(moments.begin(), moments.end(), [&](const auto& a, const auto& b) {
      for (const Column& column : columns_) {
        if (!column.factor || column.role != IndexRole::time) continue;
        const std::uint64_t x = column.digit.of(packed(point, column, a));
        const std::uint64_t y = column.digit.of(packed(point, column, b));
        if (x != y) return x < y;
      }
      return false;
    });
    return moments;
  }

  void add_tile(const PointInTime& at) {
    const std::vector<std::vector<CellChoice>> moments = moments_of(*at.point);
    for (std::size_t m = 0; m < moments.size(); ++m) {
      std::vector<CellChoice> choice = moments[m];
      std::vector<Moment> before(words_.factors.size());
      for (std::size_t f = 0; f < words_.factors.size(); ++f) {
        if (!words_.path->storage) continue;  // MACs hold nothing
        const FactorTable& table = words_.table(*at.point, f);
        if (m > 0) {
          before[f] = {&table, moments[m - 1][f].time, 0, std::nullopt};
        } else if (at.before) {
          const FactorTable& other = words_.table(*at.before, f);
          before[f] = {&other, other.times.size() - 1, at.before->offsets[f] - at.point->offsets[f], std::nullopt};
        }
      }
      add_instances(*at.point, 0, choice, before, 1, 1);
    }
  }

  /// All instances of the factors from `f` on; `words` and `kept` are the products of those before.
  void add_instances(const OuterPoint& point, std::size_t f, std::vector<CellChoice>& choice,
                     const std::vector<Moment>& before, std::int64_t words, std::int64_t kept) {
    if (f == words_.factors.size()) {
      for (const Column& column : columns_) {
        keys_.push_back(column.factor ? static_cast<Coordinate>(column.digit.of(packed(point, column, choice)))
                                      : point.at[column.outer]);
      }
      sizes_.push_back(words);
      fills_.push_back(words - kept);
      return;
    }
    const FactorTable& table = words_.table(point, f);
    for (std::size_t i = 0; i < table.instances.size(); ++i) {
      for (std::size_t l = 0; l < table.lanes.size(); ++l) {
        const std::size_t cell = table.cell(choice[f].time, i, l);
        if (!table.exists[cell]) continue;
        choice[f].instance = i;
        choice[f].lane = l;
        const IntervalSet* then = words_at(before[f], table.instances[i], table.lanes[l]);
        const std::int64_t common = then ? size_of_intersection(table.words[cell], *then, before[f].shift) : 0;
        add_instances(point, f + 1, choice, before, words * table.words[cell].size(), kept * common);
      }
    }
  }

  const FactoredWords& words_;
  std::vector<Column> columns_;
  std::vector<Coordinate> keys_;  ///< one row of indices for each entry
  std::vector<std::int64_t> sizes_;
  std::vector<std::int64_t> fills_;
};

}  // namespace

void add_series(const FactoredWords& words, AccessCounts& counts) {
  SeriesBuilder(words).build(counts);
}

}  // namespace loopsim
