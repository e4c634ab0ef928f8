#include "models/looptree/Latency.hpp"

#include <algorithm>

#include "base/CheckedMath.hpp"

namespace loopsim {

namespace {

/// Entries [begin, end) of each einsum's timeline: those of one iteration of some loops.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};
using Spans = IdVector<EinsumId, Span>;

class LatencyOfTree {
 public:
  LatencyOfTree(const BoundTree& tree, const IdVector<EinsumId, EinsumTimeline>& timelines)
      : tree_(tree), timelines_(timelines) {}

  /// Time of the subtree at `node` in one iteration of everything above it; `depth` indices of time are fixed.
  Latency of(NodeId node, const Spans& spans, std::size_t depth) const {
    std::size_t loops = 0;
    while (!is_branch(tree_.nodes[node].kind) && tree_.nodes[node].kind != NodeKind::compute) {
      if (tree_.nodes[node].kind == NodeKind::temporal) ++loops;
      node = tree_.nodes[node].children.front();
    }
    const BoundNode& end = tree_.nodes[node];
    if (end.kind == NodeKind::compute) {
      std::int64_t steps = 0;
      const Span span = spans[end.einsum];
      for (std::size_t i = span.begin; i < span.end; ++i) steps = checked_add(steps, timelines_[end.einsum].steps[i]);
      return {steps, steps, steps};
    }

    std::vector<std::vector<Latency>> tiles;  // by iteration, then child
    Spans rest = spans;
    Spans tile;
    while (take_next_tile(end.einsums, rest, depth, loops, tile)) {
      std::vector<Latency>& children = tiles.emplace_back();
      for (NodeId child : end.children) children.push_back(of(child, tile, depth + loops + 1));
    }
    return end.kind == NodeKind::pipeline ? pipeline(node, tiles) : one_after_the_other(tiles);
  }

 private:
  const Coordinate* time(EinsumId einsum, std::size_t entry) const {
    return timelines_[einsum].times.data() + entry * timelines_[einsum].nodes.size();
  }

  /// Moves the entries with the least value of `count` indices after `depth` from `rest` to `tile`.
  bool take_next_tile(const std::vector<EinsumId>& einsums, Spans& rest, std::size_t depth, std::size_t count,
                      Spans& tile) const {
    const Coordinate* least = nullptr;
    auto before = [&](const Coordinate* a, const Coordinate* b) {
      return std::lexicographical_compare(a, a + count, b, b + count);
    };
    for (EinsumId e : einsums) {
      if (rest[e].begin == rest[e].end) continue;
      const Coordinate* own = time(e, rest[e].begin) + depth;
      if (!least || before(own, least)) least = own;
    }
    if (!least) return false;
    tile = Spans(rest.size());
    for (EinsumId e : einsums) {
      Span& left = rest[e];
      tile[e] = {left.begin, left.begin};
      while (left.begin < left.end && std::equal(least, least + count, time(e, left.begin) + depth)) ++left.begin;
      tile[e].end = left.begin;
    }
    return true;
  }

  static Latency one_after_the_other(const std::vector<std::vector<Latency>>& tiles) {
    Latency total;
    for (const auto& children : tiles) {
      for (const Latency& child : children) {
        total.sequential = checked_add(total.sequential, child.sequential);
        total.pipelined = checked_add(total.pipelined, child.pipelined);
        total.unlimited = checked_add(total.unlimited, child.unlimited);
      }
    }
    return total;
  }

  Latency pipeline(NodeId node, const std::vector<std::vector<Latency>>& tiles) const {
    Latency total = one_after_the_other(tiles);
    total.pipelined -= hidden(tiles);
    total.unlimited = run_ahead(node, tiles);
    return total;
  }

  /// LoopTree's formula: tile t hides the least, over its stages, of the work in the stages - 1 slots that follow.
  static std::int64_t hidden(const std::vector<std::vector<Latency>>& tiles) {
    std::vector<std::int64_t> slots;
    for (const auto& stages : tiles) {
      for (const Latency& stage : stages) slots.push_back(stage.pipelined);
    }
    const std::size_t stages = tiles.empty() ? 0 : tiles.front().size();
    std::int64_t total = 0;
    for (std::size_t t = 0; t + 1 < tiles.size(); ++t) {
      std::int64_t least = 0;
      for (std::size_t s = 0; s < stages; ++s) {
        std::int64_t work = 0;
        for (std::size_t k = 1; k < stages; ++k) work += slots[t * stages + s + k];
        least = s == 0 ? work : std::min(least, work);
      }
      total += least;
    }
    return total;
  }

  /// A stage starts tile t once it has finished t - 1 and the stages that make its inputs have finished t.
  std::int64_t run_ahead(NodeId node, const std::vector<std::vector<Latency>>& tiles) const {
    const std::vector<NodeId>& children = tree_.nodes[node].children;
    std::vector<std::int64_t> finished(children.size());
    for (const auto& stages : tiles) {
      for (std::size_t s = 0; s < stages.size(); ++s) {
        std::int64_t start = finished[s];
        for (std::size_t p = 0; p < s; ++p) {
          if (feeds(children[p], children[s])) start = std::max(start, finished[p]);
        }
        finished[s] = checked_add(start, stages[s].unlimited);
      }
    }
    return finished.empty() ? 0 : *std::max_element(finished.begin(), finished.end());
  }

  /// Does an einsum under `consumer` read what one under `producer` writes?
  bool feeds(NodeId producer, NodeId consumer) const {
    for (EinsumId reader : tree_.nodes[consumer].einsums) {
      for (const TensorAccess& input : tree_.graph.einsums[reader].inputs) {
        for (EinsumId writer : tree_.nodes[producer].einsums) {
          if (tree_.graph.tensors[input.tensor].writer == writer) return true;
        }
      }
    }
    return false;
  }

  const BoundTree& tree_;
  const IdVector<EinsumId, EinsumTimeline>& timelines_;
};

}  // namespace

Latency latency(const BoundTree& tree, const IdVector<EinsumId, EinsumTimeline>& timelines) {
  Spans spans(timelines.size());
  for (std::size_t e = 0; e < timelines.size(); ++e) spans[EinsumId(e)].end = timelines[EinsumId(e)].steps.size();
  return LatencyOfTree(tree, timelines).of(tree.root(), spans, 0);
}

}  // namespace loopsim
