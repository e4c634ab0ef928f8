#include "models/looptree/access/RankTimes.hpp"

#include <algorithm>

#include "mapping/tiles/LoopSlice.hpp"

namespace loopsim {

namespace {

using Row = std::vector<Coordinate>;

struct RankTimeCollector {
  const BoundTree& tree;
  std::vector<NodeId> loops;  ///< of the rank
  std::vector<bool> counted;  ///< by loop
  std::vector<Row> rows;
  Row row;

  void descend(std::size_t depth, const IntervalSet& range) {
    if (depth == loops.size()) {
      rows.push_back(row);
      return;
    }
    const BoundNode& loop = tree.nodes[loops[depth]];
    const Coordinate low = range.least();
    const Coordinate high = range.greatest() + 1;
    const std::int64_t shape = tile_shape_of(loop, high - low);
    for (Coordinate i = 0; low + i * shape < high; ++i) {
      const IntervalSet part = intersect(range, IntervalSet(low + i * shape, low + (i + 1) * shape));
      if (part.empty()) continue;
      if (counted[depth]) row.push_back(i);
      descend(depth + 1, part);
      if (counted[depth]) row.pop_back();
    }
  }
};

}  // namespace

RankTimes rank_times(const BoundTree& tree, const std::vector<NodeId>& loops, std::size_t rank,
                     const IntervalSet& range) {
  return rank_indices(tree, loops, rank, range, [](const BoundNode& loop) { return loop.kind == NodeKind::temporal; });
}

RankTimes rank_indices(const BoundTree& tree, const std::vector<NodeId>& loops, std::size_t rank,
                       const IntervalSet& range, const std::function<bool(const BoundNode&)>& counted) {
  RankTimeCollector collector{tree, {}, {}, {}, {}};
  RankTimes times;
  bool others_above = false;  // then rows come several times and out of order
  for (NodeId loop : loops) {
    if (tree.nodes[loop].rank != rank) continue;
    if (counted(tree.nodes[loop])) {
      others_above |= times.width < collector.loops.size();
      ++times.width;
    }
    collector.loops.push_back(loop);
    collector.counted.push_back(counted(tree.nodes[loop]));
  }
  if (times.width == 0) return times;
  while (!collector.counted.back()) {
    collector.loops.pop_back();
    collector.counted.pop_back();
  }
  collector.descend(0, range);
  if (others_above) {
    std::sort(collector.rows.begin(), collector.rows.end());
    collector.rows.erase(std::unique(collector.rows.begin(), collector.rows.end()), collector.rows.end());
  }
  times.count = collector.rows.size();
  for (const Row& row : collector.rows) times.rows.insert(times.rows.end(), row.begin(), row.end());
  return times;
}

bool includes(const RankTimes& whole, const RankTimes& part) {
  if (whole == part) return true;
  if (part.count > whole.count) return false;
  const auto width = static_cast<std::ptrdiff_t>(whole.width);
  auto at = whole.rows.begin();
  for (auto row = part.rows.begin(); row != part.rows.end(); row += width) {
    while (at != whole.rows.end() && std::lexicographical_compare(at, at + width, row, row + width)) at += width;
    if (at == whole.rows.end() || !std::equal(row, row + width, at)) return false;
    at += width;
  }
  return true;
}

}  // namespace loopsim
