#include "mapping/tiles/SegmentWalker.hpp"

#include <algorithm>

#include "mapping/sets/Projection.hpp"
#include "mapping/tiles/LoopSlice.hpp"

namespace loopsim {

namespace {

bool contains(const std::vector<EinsumId>& list, EinsumId id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

/// Einsums of `group` that read `tensor`.
std::vector<EinsumId> consumers_within(const BoundTree& tree, const std::vector<EinsumId>& group, TensorId tensor) {
  std::vector<EinsumId> result;
  for (EinsumId reader : tree.graph.tensors[tensor].readers) {
    if (contains(group, reader) && !contains(result, reader)) result.push_back(reader);
  }
  return result;
}

Interval span(const PointSet& operations, std::size_t rank) {
  return bounds(operations)[rank];
}

}  // namespace

SegmentWalker::SegmentWalker(const BoundTree& tree, std::vector<NodeId> loops, std::vector<EinsumId> group,
                             EinsumId head, std::vector<EinsumId> wanted, std::size_t first_index, bool infer)
    : tree_(&tree), loops_(std::move(loops)), group_(std::move(group)), head_(head), infer_(infer) {
  // A producer's tile follows from its consumers', theirs from their own consumers'.
  if (!loops_.empty() && !contains(wanted, head_)) wanted.push_back(head_);
  for (auto e = tree.order.begin(); e != tree.order.end(); ++e) {
    if (!contains(wanted, *e)) continue;
    for (EinsumId consumer : consumers_within(tree, group_, tree.graph.einsums[*e].output.tensor)) {
      if (!contains(wanted, consumer)) wanted.push_back(consumer);
    }
  }
  needed_ = std::move(wanted);

  for (auto e = tree.order.rbegin(); e != tree.order.rend(); ++e) {
    if (!contains(needed_, *e)) continue;
    const TensorId tensor = tree.graph.einsums[*e].output.tensor;
    Retained retained;
    retained.tensor = tensor;
    retained.producer = *e;
    retained.consumers = consumers_within(tree, group_, tensor);
    if (retained.consumers.empty()) {
      unread_.push_back(*e);
      continue;
    }
    for (EinsumId reader : tree.graph.tensors[tensor].readers) retained.read_outside |= !contains(group_, reader);
    if (const auto level = tree.tensors[tensor].reuse_level) {
      retained.level = *level > first_index ? *level - first_index : 0;
      retained.retains = retained.level <= loops_.size();
    }
    retained_.push_back(std::move(retained));
  }
}

void SegmentWalker::restart(std::map<EinsumId, PointSet> tile) {
  whole_ = std::move(tile);
  started_ = false;
  for (Retained& retained : retained_) {
    retained.previous = {};
    retained.current = {};
    retained.indices.clear();
  }
}

bool SegmentWalker::enter(std::size_t depth, Coordinate from) {
  const BoundNode& loop = tree_->nodes[loops_[depth]];
  const PointSet& around = slices_[depth];
  const Interval range = span(around, loop.rank);
  const std::int64_t shape = tile_shape_of(loop, range.high - range.low);
  for (Coordinate i = from; range.low + i * shape < range.high; ++i) {
    PointSet part = slice(around, loop.rank, range.low + i * shape, range.low + (i + 1) * shape);
    if (part.empty()) continue;
    indices_[depth] = i;
    slices_[depth + 1] = std::move(part);
    return true;
  }
  return false;
}

bool SegmentWalker::advance_loops() {
  std::size_t depth = 0;
  if (!started_) {
    started_ = true;
    slices_.assign(loops_.size() + 1, {});
    indices_.assign(loops_.size(), 0);
    if (!loops_.empty()) {
      slices_[0] = whole_.at(head_);
      // Nothing to tile; but what another group reads must still be made, in one iteration.
      if (slices_[0].empty()) return infer_ && makes_for_others();
    }
  } else {
    if (!loops_.empty() && slices_[0].empty()) return false;
    depth = loops_.size();
    while (depth > 0 && !enter(depth - 1, indices_[depth - 1] + 1)) --depth;
    if (depth == 0) return false;
  }
  // A slice is never empty and its loops start at its least coordinate, so every inner loop has a first iteration.
  for (; depth < loops_.size(); ++depth) enter(depth, 0);
  return true;
}

bool SegmentWalker::makes_for_others() const {
  return std::any_of(retained_.begin(), retained_.end(), [&](const Retained& retained) {
    return retained.read_outside && !whole_.at(retained.producer).empty();
  });
}

bool SegmentWalker::is_last() const {
  if (!loops_.empty() && slices_[0].empty()) return true;
  for (std::size_t depth = 0; depth < loops_.size(); ++depth) {
    const BoundNode& loop = tree_->nodes[loops_[depth]];
    const Interval range = span(slices_[depth], loop.rank);
    const std::int64_t shape = tile_shape_of(loop, range.high - range.low);
    if (range.low + (indices_[depth] + 1) * shape < range.high) return false;
  }
  return true;
}

bool SegmentWalker::next() {
  if (!advance_loops()) return false;
  if (infer_) {
    infer_tiles();
  } else {
    tiles_.clear();
    tiles_[head_] = loops_.empty() ? whole_.at(head_) : slices_.back();
  }
  return true;
}

void SegmentWalker::age(Retained& retained) const {
  const std::vector<Coordinate>& before = retained.indices;
  if (!before.empty()) {
    std::size_t changed = 0;
    while (changed < indices_.size() && indices_[changed] == before[changed]) ++changed;
    if (changed + 1 < retained.level) {
      retained.previous = {};
      retained.current = {};
    } else if (changed + 1 == retained.level) {
      const bool adjacent = indices_[changed] == before[changed] + 1;
      retained.previous = adjacent ? std::move(retained.current) : PointSet();
      retained.current = {};
    }
  }
  retained.indices = indices_;
}

PointSet SegmentWalker::required_words(const Retained& retained) const {
  PointSet words;
  for (EinsumId consumer : retained.consumers) {
    for (const TensorAccess& input : tree_->graph.einsums[consumer].inputs) {
      if (input.tensor == retained.tensor) words.unite(image(input, tiles_.at(consumer)));
    }
  }
  // Another group reads the rest of the tensor: whatever has not been made by the last iteration is made in it.
  if (retained.read_outside && is_last()) {
    words.unite(image(tree_->graph.einsums[retained.producer].output, whole_.at(retained.producer)));
  }
  return words;
}

void SegmentWalker::infer_tiles() {
  tiles_.clear();
  for (EinsumId e : unread_) tiles_[e] = !loops_.empty() && e == head_ ? slices_.back() : whole_.at(e);
  for (Retained& retained : retained_) {
    PointSet words = required_words(retained);
    PointSet computed = words;
    if (retained.retains) {
      age(retained);
      computed.subtract(retained.previous);
      computed.subtract(retained.current);
      retained.current.unite(words);
    }
    tiles_[retained.producer] =
        inverse_image(tree_->graph.einsums[retained.producer].output, computed, whole_.at(retained.producer));
  }
}

}  // namespace loopsim
