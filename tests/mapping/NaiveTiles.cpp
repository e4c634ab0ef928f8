#include "tests/mapping/NaiveTiles.hpp"

#include <algorithm>

namespace loopsim {

namespace {

using Tiles = std::map<EinsumId, Points>;

bool contains(const std::vector<EinsumId>& list, EinsumId id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

Point word_of(const TensorAccess& access, const Point& operation) {
  Point word;
  for (const AffineExpression& expression : access.projection) {
    Coordinate x = expression.constant;
    for (const AffineTerm& term : expression.terms) x += term.coefficient * operation[term.rank];
    word.push_back(x);
  }
  return word;
}

Points all_operations(const EinsumGraph& graph, EinsumId einsum) {
  std::vector<Interval> ranges;
  for (RankId rank : graph.einsums[einsum].ranks) ranges.push_back({graph.ranks[rank].low, graph.ranks[rank].high});
  Points points;
  for_each_point(ranges, [&](const Point& point) { points.insert(point); });
  return points;
}

/// An iteration of the loops of one segment: between two branches, or a branch and the root or a compute node.
struct SegmentIteration {
  std::vector<Coordinate> indices;
  Tiles tiles;
};

class Segment {
 public:
  Segment(const BoundTree& tree, const std::vector<EinsumId>& group, const std::vector<NodeId>& loops,
          std::size_t first_index)
      : tree_(tree), group_(group), loops_(loops), first_index_(first_index) {}

  std::vector<SegmentIteration> run(const Tiles& whole) {
    whole_ = &whole;
    iterations_.clear();
    if (loops_.empty()) {
      iterations_.push_back({});
    } else {
      const EinsumId head = tree_.nodes[loops_.front()].head;
      tile_head(head, whole.at(head), 0, {});
    }
    for (auto e = tree_.order.rbegin(); e != tree_.order.rend(); ++e) {
      if (contains(group_, *e)) infer(*e);
    }
    return iterations_;
  }

 private:
  void tile_head(EinsumId head, const Points& tile, std::size_t depth, std::vector<Coordinate> indices) {
    if (tile.empty()) return;
    if (depth == loops_.size()) {
      iterations_.push_back({std::move(indices), {{head, tile}}});
      return;
    }
    const BoundNode& loop = tree_.nodes[loops_[depth]];
    Coordinate low = (*tile.begin())[loop.rank];
    Coordinate high = low;
    for (const Point& point : tile) {
      low = std::min(low, point[loop.rank]);
      high = std::max(high, point[loop.rank]);
    }
    const std::int64_t extent = high - low + 1;
    const std::int64_t shape = loop.tile_shape ? *loop.tile_shape : (extent + *loop.factor - 1) / *loop.factor;
    for (Coordinate i = 0; i * shape < extent; ++i) {
      Points part;
      for (const Point& point : tile) {
        if ((point[loop.rank] - low) / shape == i) part.insert(point);
      }
      indices.push_back(i);
      tile_head(head, part, depth + 1, indices);
      indices.pop_back();
    }
  }

  void infer(EinsumId producer) {
    const Einsum& einsum = tree_.graph.einsums[producer];
    const TensorId tensor = einsum.output.tensor;
    std::vector<EinsumId> consumers;
    bool read_outside = false;
    for (EinsumId reader : tree_.graph.tensors[tensor].readers) {
      if (contains(group_, reader)) {
        consumers.push_back(reader);
      } else {
        read_outside = true;
      }
    }
    if (consumers.empty()) {  // the head has its tile already; an einsum beside it does all of it every time
      for (SegmentIteration& iteration : iterations_) iteration.tiles.emplace(producer, whole_->at(producer));
      return;
    }
    std::vector<Points> required;
    for (const SegmentIteration& iteration : iterations_) {
      Points words;
      for (EinsumId consumer : consumers) {
        for (const TensorAccess& input : tree_.graph.einsums[consumer].inputs) {
          if (input.tensor != tensor) continue;
          for (const Point& operation : iteration.tiles.at(consumer)) words.insert(word_of(input, operation));
        }
      }
      required.push_back(std::move(words));
    }
    if (read_outside && !required.empty()) {
      for (const Point& operation : whole_->at(producer)) required.back().insert(word_of(einsum.output, operation));
    }
    for (std::size_t t = 0; t < iterations_.size(); ++t) {
      Points computed = required[t];
      for (std::size_t prior = 0; prior < t; ++prior) {
        if (is_prior(tensor, iterations_[prior].indices, iterations_[t].indices))
          computed = subtract(computed, required[prior]);
      }
      Points& tile = iterations_[t].tiles[producer];
      for (const Point& operation : whole_->at(producer)) {
        if (computed.count(word_of(einsum.output, operation)) != 0) tile.insert(operation);
      }
    }
  }

  bool is_prior(TensorId tensor, const std::vector<Coordinate>& prior, const std::vector<Coordinate>& t) const {
    const auto level = tree_.tensors[tensor].reuse_level;
    if (!level) return false;
    // What is stored above this segment has all its loops below it; what is stored below it is not there yet.
    const std::size_t k = *level > first_index_ ? *level - first_index_ : 0;
    if (k > t.size()) return false;
    const auto same_up_to = [&](std::size_t n) {
      return std::equal(t.begin(), t.begin() + static_cast<std::ptrdiff_t>(n), prior.begin());
    };
    if (k > 0 && same_up_to(k - 1) && prior[k - 1] == t[k - 1] - 1) return true;
    return same_up_to(k) && prior < t;
  }

  const BoundTree& tree_;
  const std::vector<EinsumId>& group_;
  const std::vector<NodeId>& loops_;
  std::size_t first_index_;
  const Tiles* whole_ = nullptr;
  std::vector<SegmentIteration> iterations_;
};

class Walk {
 public:
  Walk(const BoundTree& tree, NodeId position, const std::vector<EinsumId>& wanted)
      : tree_(tree), wanted_(wanted), path_(path_to(tree, position)) {}

  std::vector<NaiveIteration> run() {
    Tiles whole;
    for (EinsumId e : tree_.nodes[tree_.root()].einsums) whole[e] = all_operations(tree_.graph, e);
    descend(tree_.root(), {}, 0, whole);
    std::vector<NaiveIteration> result;
    for (auto& [indices, tiles] : found_) result.push_back({indices, std::move(tiles)});
    return result;
  }

 private:
  /// `start` is the root or a child of a branch, and on the path to the position.
  void descend(NodeId start, const std::vector<Coordinate>& indices, std::size_t first_index, const Tiles& whole) {
    std::vector<NodeId> loops;
    std::size_t visible = 0;
    bool below = false;
    NodeId node = start;
    for (;;) {
      const BoundNode& n = tree_.nodes[node];
      below |= node == path_.back();
      if (is_loop(n.kind)) {
        loops.push_back(node);
        if (!below) ++visible;
      }
      if (is_branch(n.kind) || n.kind == NodeKind::compute) break;
      node = n.children.front();
    }
    const bool further = is_branch(tree_.nodes[node].kind) && !below;
    Segment segment(tree_, tree_.nodes[node].einsums, loops, first_index);
    for (SegmentIteration& iteration : segment.run(whole)) {
      std::vector<Coordinate> here = indices;
      here.insert(here.end(), iteration.indices.begin(), iteration.indices.end());
      if (further) {
        const auto at = std::find(path_.begin(), path_.end(), node);
        const auto& children = tree_.nodes[node].children;
        here.push_back(std::find(children.begin(), children.end(), *(at + 1)) - children.begin());
        descend(*(at + 1), here, first_index + loops.size() + 1, iteration.tiles);
        continue;
      }
      here.resize(indices.size() + visible);
      Tiles& tiles = found_[here];
      for (EinsumId e : wanted_) tiles[e].insert(iteration.tiles.at(e).begin(), iteration.tiles.at(e).end());
    }
  }

  const BoundTree& tree_;
  const std::vector<EinsumId>& wanted_;
  std::vector<NodeId> path_;
  std::map<std::vector<Coordinate>, Tiles> found_;  ///< in row-major order
};

}  // namespace

std::vector<NaiveIteration> naive_tiles(const BoundTree& tree, NodeId position, const std::vector<EinsumId>& wanted) {
  return Walk(tree, position, wanted).run();
}

}  // namespace loopsim
