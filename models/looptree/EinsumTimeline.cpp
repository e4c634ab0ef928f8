#include "models/looptree/EinsumTimeline.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/CheckedMath.hpp"
#include "mapping/tiles/SegmentWalker.hpp"
#include "mapping/tiles/TileStream.hpp"
#include "models/looptree/access/LeafLoops.hpp"
#include "models/looptree/access/RankTimes.hpp"

namespace loopsim {

namespace {

using Indices = std::vector<Coordinate>;

/// The temporal iterations of a leaf over one box: all combinations of those of its ranks.
using BoxTimes = std::vector<RankTimes>;

class StepCounter {
 public:
  StepCounter(const BoundTree& tree, const LeafLoops& leaf) : tree_(tree), leaf_(leaf) {}

  /// Steps in which at least one of the tiles (of instances side by side) has work.
  std::int64_t count(const std::vector<PointSet>& tiles) {
    std::vector<BoxTimes> boxes;
    for (const PointSet& tile : tiles) {
      if (tile.boxes().size() != 1) return enumerate(tiles);
      boxes.push_back(times_of(tile.boxes().front()));
    }
    const BoxTimes* longest = &boxes.front();
    for (const BoxTimes& box : boxes) {
      if (size(box) > size(*longest)) longest = &box;
    }
    for (const BoxTimes& box : boxes) {
      for (std::size_t r = 0; r < box.size(); ++r) {
        if (!includes((*longest)[r], box[r])) return enumerate(tiles);
      }
    }
    return size(*longest);
  }

 private:
  static std::int64_t size(const BoxTimes& box) {
    std::int64_t product = 1;
    for (const RankTimes& times : box) product = checked_multiply(product, static_cast<std::int64_t>(times.count));
    return product;
  }

  BoxTimes times_of(const Box& box) {
    BoxTimes result;
    for (std::size_t r = 0; r < box.dimensions.size(); ++r) {
      // Loops count from the least coordinate, so only the shape of the range matters.
      const IntervalSet range = shift(box.dimensions[r], -box.dimensions[r].least());
      Indices key{static_cast<Coordinate>(r)};
      for (Interval run : range.runs()) key.insert(key.end(), {run.low, run.high});
      auto [entry, fresh] = known_.try_emplace(std::move(key));
      if (fresh) entry->second = rank_times(tree_, leaf_.loops, r, range);
      result.push_back(entry->second);
    }
    return result;
  }

  std::int64_t enumerate(const std::vector<PointSet>& tiles) const {
    std::set<Indices> steps;
    for (const PointSet& tile : tiles) {
      SegmentWalker walker(tree_, leaf_.loops, {leaf_.einsum}, leaf_.einsum, {leaf_.einsum}, 0, false);
      walker.restart({{leaf_.einsum, tile}});
      while (walker.next()) {
        Indices step;
        for (std::size_t i = 0; i < leaf_.loops.size(); ++i) {
          if (tree_.nodes[leaf_.loops[i]].kind == NodeKind::temporal) step.push_back(walker.indices()[i]);
        }
        steps.insert(std::move(step));
      }
    }
    return static_cast<std::int64_t>(steps.size());
  }

  const BoundTree& tree_;
  const LeafLoops& leaf_;
  std::map<Indices, RankTimes> known_;
};

void count_steps(const BoundTree& tree, EinsumId einsum, TileLists& lists, EinsumTimeline& timeline) {
  const LeafLoops leaf = leaf_loops(tree, einsum);
  const std::int64_t cycles_per_step = tree.graph.einsums[einsum].steps_per_operation;
  StepCounter counter(tree, leaf);
  std::vector<std::size_t> columns;
  const std::vector<NodeId> nodes = indices_above(tree, leaf.top);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (tree.nodes[nodes[i]].kind == NodeKind::spatial) continue;
    timeline.nodes.push_back(nodes[i]);
    columns.push_back(i);
  }
  const bool instances = columns.size() < nodes.size();

  std::map<Indices, std::vector<PointSet>> tiles;  // of all instances of an iteration
  PointSet distinct;
  Indices at(columns.size());
  for (const Tile& entry : lists.above(leaf.top, einsum).tiles) {
    const PointSet& tile = entry.operations;
    for (std::size_t i = 0; i < columns.size(); ++i) at[i] = entry.indices[columns[i]];
    timeline.ops = checked_add(timeline.ops, tile.size());
    distinct.unite(tile);
    if (instances) {
      tiles[at].push_back(tile);
    } else {
      timeline.times.insert(timeline.times.end(), at.begin(), at.end());
      timeline.steps.push_back(checked_multiply(counter.count({tile}), cycles_per_step));
    }
  }
  for (const auto& [time, side_by_side] : tiles) {
    timeline.times.insert(timeline.times.end(), time.begin(), time.end());
    timeline.steps.push_back(checked_multiply(counter.count(side_by_side), cycles_per_step));
  }
  timeline.distinct_ops = distinct.size();
}

void sum_per_tile(const BoundTree& tree, EinsumId einsum, EinsumTimeline& timeline) {
  const std::optional<NodeId> branch = outermost_branch(tree, einsum);
  std::map<Indices, std::int64_t> steps;
  std::size_t columns = 0;
  if (branch) {
    TileStream stream(tree, *branch, {einsum});
    while (stream.next()) {
      timeline.ops_per_tile.push_back(stream.operations(einsum).size());
      Indices time;
      for (std::size_t i = 0; i < stream.indices().size(); ++i) {
        if (tree.nodes[stream.index_nodes()[i]].kind == NodeKind::temporal) time.push_back(stream.indices()[i]);
      }
      columns = time.size();
      steps.emplace(std::move(time), 0);
    }
  } else {
    timeline.ops_per_tile.push_back(timeline.ops);
    steps.emplace(Indices(), 0);
  }
  const std::size_t width = timeline.nodes.size();
  for (std::size_t i = 0; i < timeline.steps.size(); ++i) {
    const auto row = timeline.times.begin() + static_cast<std::ptrdiff_t>(i * width);
    steps[Indices(row, row + static_cast<std::ptrdiff_t>(columns))] += timeline.steps[i];
  }
  for (const auto& [time, count] : steps) timeline.steps_per_tile.push_back(count);
}

}  // namespace

EinsumTimeline einsum_timeline(const BoundTree& tree, EinsumId einsum, TileLists& tiles) {
  EinsumTimeline timeline;
  count_steps(tree, einsum, tiles, timeline);
  sum_per_tile(tree, einsum, timeline);
  return timeline;
}

}  // namespace loopsim
