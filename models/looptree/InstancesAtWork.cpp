#include "models/looptree/InstancesAtWork.hpp"

#include <algorithm>
#include <map>

#include "base/CheckedMath.hpp"
#include "models/looptree/access/LeafLoops.hpp"
#include "models/looptree/access/RankTimes.hpp"

namespace loopsim {

namespace {

/// Coordinates of a rank in a tile that may be several boxes, moved to start at 0.
IntervalSet range_of(const PointSet& tile, std::size_t rank) {
  IntervalSet range;
  for (const Box& box : tile.boxes()) range = unite(range, box.dimensions[rank]);
  return shift(range, -range.least());
}

class InstanceCounter {
 public:
  InstanceCounter(const BoundTree& tree, EinsumId einsum, LevelId level)
      : tree_(tree), leaf_(leaf_loops(tree, einsum)), level_(level) {
    for (NodeId loop : leaf_.loops) {
      const BoundNode& node = tree.nodes[loop];
      if (counted(node) && std::find(ranks_.begin(), ranks_.end(), node.rank) == ranks_.end()) {
        ranks_.push_back(node.rank);
      }
    }
  }

  std::int64_t count(const TileList& list) {
    // Instances above the leaf differ in the indices of their loops; inside, the largest tile decides.
    std::map<std::vector<Coordinate>, std::int64_t> most;
    for (const Tile& tile : list.tiles) {
      std::vector<Coordinate> instance;
      for (std::size_t i = 0; i < list.index_nodes.size(); ++i) {
        if (counted(tree_.nodes[list.index_nodes[i]])) instance.push_back(tile.indices[i]);
      }
      std::int64_t product = 1;
      for (std::size_t rank : ranks_) product = checked_multiply(product, instances_of(rank, tile.operations));
      std::int64_t& known = most[instance];
      known = std::max(known, product);
    }
    std::int64_t total = 0;
    for (const auto& [instance, count] : most) total = checked_add(total, count);
    return std::max<std::int64_t>(total, 1);
  }

 private:
  bool counted(const BoundNode& node) const { return node.kind == NodeKind::spatial && !(level_ < node.level); }

  std::int64_t instances_of(std::size_t rank, const PointSet& tile) {
    const IntervalSet range = range_of(tile, rank);
    std::vector<Coordinate> key{static_cast<Coordinate>(rank)};
    for (Interval run : range.runs()) key.insert(key.end(), {run.low, run.high});
    const auto [entry, fresh] = known_.try_emplace(std::move(key));
    if (fresh) {
      const RankTimes instances =
          rank_indices(tree_, leaf_.loops, rank, range, [&](const BoundNode& node) { return counted(node); });
      entry->second = static_cast<std::int64_t>(instances.count);
    }
    return entry->second;
  }

  const BoundTree& tree_;
  LeafLoops leaf_;
  LevelId level_;
  std::vector<std::size_t> ranks_;  ///< that spatial loops of the leaf divide
  std::map<std::vector<Coordinate>, std::int64_t> known_;
};

/// Is there a spatial loop of that level or further out on the einsum's path?
bool has_instances(const BoundTree& tree, EinsumId einsum, LevelId level) {
  const std::vector<NodeId> path = path_to(tree, tree.compute_node[einsum]);
  return std::any_of(path.begin(), path.end(), [&](NodeId id) {
    return tree.nodes[id].kind == NodeKind::spatial && !(level < tree.nodes[id].level);
  });
}

}  // namespace

InstancesAtWork::InstancesAtWork(const BoundTree& tree, TileLists& tiles) {
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const EinsumId einsum(e);
    IdVector<LevelId, std::int64_t>& counts = counts_[counts_.push_back({})];
    for (std::size_t i = 0; i < tree.architecture.memories.size(); ++i) {
      const LevelId level(i);
      if (!has_instances(tree, einsum, level)) {
        counts.push_back(1);
        continue;
      }
      const TileList& list = tiles.above(leaf_loops(tree, einsum).top, einsum);
      counts.push_back(InstanceCounter(tree, einsum, level).count(list));
    }
  }
}

}  // namespace loopsim
