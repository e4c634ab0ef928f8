#include "sim/dram/StoredTensor.hpp"

#include <algorithm>
#include <numeric>

#include "base/CheckedMath.hpp"
#include "mapping/TensorLayout.hpp"

namespace loopsim {

namespace {

/// Runs of bursts in the making: rows of words come in, mostly in the order of their addresses.
class BurstList {
 public:
  BurstList(const StoredTensor& tensor, std::int64_t burst_bytes)
      : first_bit_(static_cast<std::int64_t>(tensor.first_byte) * 8),
        word_bits_(tensor.word_bits),
        burst_bits_(burst_bytes * 8) {}

  void add_row(std::int64_t word, std::int64_t count) {
    const std::int64_t begin = (first_bit_ + word * word_bits_) / burst_bits_;
    const std::int64_t end = (first_bit_ + (word + count) * word_bits_ + burst_bits_ - 1) / burst_bits_;
    join({begin, end - begin});
  }

  std::vector<BurstRun> finish() {
    const auto before = [](BurstRun a, BurstRun b) { return a.first < b.first; };
    if (std::is_sorted(runs_.begin(), runs_.end(), before) && in_order_) return std::move(runs_);
    std::sort(runs_.begin(), runs_.end(), before);
    std::vector<BurstRun> rows;
    rows.swap(runs_);
    for (const BurstRun run : rows) join(run);
    return std::move(runs_);
  }

 private:
  void join(BurstRun run) {
    if (runs_.empty() || run.first > runs_.back().first + runs_.back().count) {
      runs_.push_back(run);
    } else if (run.first >= runs_.back().first) {
      BurstRun& last = runs_.back();
      last.count = std::max(last.count, run.first + run.count - last.first);
    } else {
      in_order_ = false;
      runs_.push_back(run);
    }
  }

  std::int64_t first_bit_;
  std::int64_t word_bits_;
  std::int64_t burst_bits_;
  std::vector<BurstRun> runs_;
  bool in_order_ = true;
};

/// Rows of one box; dimensions from `position` on, whose words begin at `word`.
void add_rows(const StoredTensor& tensor, const Box& words, std::size_t position, std::size_t row_position,
              std::int64_t word, BurstList& bursts) {
  if (tensor.order.empty()) {
    bursts.add_row(word, 1);
    return;
  }
  const std::size_t d = tensor.order[position];
  for (const Interval run : words.dimensions[d].runs()) {
    const std::int64_t begin = word + (run.low - tensor.box[d].low) * tensor.words[d];
    if (position == row_position) {
      bursts.add_row(begin, (run.high - run.low) * tensor.words[d]);
      continue;
    }
    for (std::int64_t x = 0; x < run.high - run.low; ++x) {
      add_rows(tensor, words, position + 1, row_position, begin + x * tensor.words[d], bursts);
    }
  }
}

/// The slowest dimension within which the words of the box follow each other: all faster ones are whole.
std::size_t row_position(const StoredTensor& tensor, const Box& words) {
  std::size_t position = tensor.order.empty() ? 0 : tensor.order.size() - 1;
  while (position > 0) {
    const std::size_t d = tensor.order[position];
    const auto& runs = words.dimensions[d].runs();
    if (runs.size() != 1 || !(runs.front() == tensor.box[d])) break;
    --position;
  }
  return position;
}

StoredTensor lay_out(const BoundTree& tree, TensorId id, const DimensionOrders& orders) {
  StoredTensor tensor;
  tensor.word_bits = word_bits(tree, id, LevelId(0));
  tensor.box = tensor_layout(tree, id).box;
  const auto given = orders.find(id);
  if (given != orders.end()) {
    tensor.order = given->second;
  } else {
    tensor.order.resize(tensor.box.size());
    std::iota(tensor.order.begin(), tensor.order.end(), 0);
  }
  tensor.words.resize(tensor.box.size());
  for (std::size_t position = tensor.order.size(); position-- > 0;) {
    const std::size_t d = tensor.order[position];
    tensor.words[d] = tensor.total_words;
    tensor.total_words *= tensor.box[d].high - tensor.box[d].low;
  }
  return tensor;
}

}  // namespace

IdVector<TensorId, std::optional<StoredTensor>> place_tensors(const BoundTree& tree, std::int64_t alignment_bytes,
                                                              const DimensionOrders& orders) {
  IdVector<TensorId, std::optional<StoredTensor>> placed(tree.graph.tensors.size());
  for (const BoundNode& node : tree.nodes) {
    const bool stored = node.kind == NodeKind::storage && node.level == LevelId(0);
    if (stored && !placed[node.tensor]) placed[node.tensor] = lay_out(tree, node.tensor, orders);
  }
  std::int64_t next = 0;
  for (auto& tensor : placed) {
    if (!tensor) continue;
    tensor->first_byte = static_cast<std::uint64_t>(next);
    next += ceil_divide(tensor->bytes(), alignment_bytes) * alignment_bytes;
  }
  return placed;
}

std::vector<BurstRun> bursts_of(const StoredTensor& tensor, const PointSet& words, std::int64_t burst_bytes) {
  Box whole;
  for (const Interval side : tensor.box) whole.dimensions.emplace_back(side.low, side.high);
  BurstList bursts(tensor, burst_bytes);
  for (const Box& box : words.boxes()) {
    const Box inside = intersect(box, whole);
    if (!inside.empty()) add_rows(tensor, inside, 0, row_position(tensor, inside), 0, bursts);
  }
  return bursts.finish();
}

}  // namespace loopsim
