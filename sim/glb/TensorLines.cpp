#include "sim/glb/TensorLines.hpp"

#include <algorithm>

namespace loopsim {

namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

TensorLines::TensorLines(LineMap map, std::size_t banks, std::int64_t first_bank)
    : map_(std::move(map)), banks_(banks), first_bank_(static_cast<std::size_t>(first_bank) % banks) {}

std::size_t TensorLines::bank_of(std::int64_t line) const {
  const auto banks = static_cast<std::int64_t>(banks_);
  const std::int64_t bank = (line + static_cast<std::int64_t>(first_bank_)) % banks;
  return static_cast<std::size_t>(bank < 0 ? bank + banks : bank);
}

/// Coordinates of lines: numbers of groups of words along each dimension.
Box TensorLines::lines_of(const Box& words, const std::vector<Coordinate>& offset) const {
  Box lines;
  for (std::size_t d = 0; d < words.dimensions.size(); ++d) {
    const LineMap::Dimension& dimension = map_.dimensions[d];
    IntervalSet groups;
    Coordinate done = 0;
    for (const Interval run : words.dimensions[d].runs()) {
      Coordinate low = floor_divide(run.low + offset[d] - dimension.low, dimension.words);
      const Coordinate high = floor_divide(run.high - 1 + offset[d] - dimension.low, dimension.words) + 1;
      if (!groups.empty()) low = std::max(low, done);  // two runs may meet in a line
      done = high;
      if (low < high) groups.append({low, high});
    }
    lines.dimensions.push_back(std::move(groups));
  }
  return lines;
}

void TensorLines::add_to_banks(const Box& lines, BankLines& by_bank) const {
  BankLines sums(banks_);
  sums[first_bank_] = 1;
  BankLines next;
  for (std::size_t d = 0; d < lines.dimensions.size(); ++d) {
    const std::int64_t stride = map_.dimensions[d].line_stride % static_cast<std::int64_t>(banks_);
    BankLines along(banks_);
    for (const Interval run : lines.dimensions[d].runs()) {
      for (Coordinate group = run.low; group < run.high; ++group) {
        const std::int64_t at = group % static_cast<std::int64_t>(banks_) * stride % static_cast<std::int64_t>(banks_);
        ++along[static_cast<std::size_t>(at < 0 ? at + static_cast<std::int64_t>(banks_) : at)];
      }
    }
    next.assign(banks_, 0);
    for (std::size_t a = 0; a < banks_; ++a) {
      if (along[a] == 0) continue;
      for (std::size_t b = 0; b < banks_; ++b) {
        if (sums[b] != 0) next[(a + b) % banks_] += along[a] * sums[b];
      }
    }
    sums.swap(next);
  }
  for (std::size_t b = 0; b < banks_; ++b) by_bank[b] += sums[b];
}

BankLines TensorLines::lines_of(const std::vector<Box>& words, const std::vector<Coordinate>& offset) const {
  BankLines by_bank(banks_);
  if (words.size() == 1) {
    add_to_banks(lines_of(words.front(), offset), by_bank);
    return by_bank;
  }
  PointSet lines;  // a line that several boxes reach into counts once
  for (const Box& box : words) lines.unite(lines_of(box, offset));
  for (const Box& box : lines.boxes()) add_to_banks(box, by_bank);
  return by_bank;
}

void TensorLines::append_position(std::vector<std::int64_t>& key, const std::vector<Coordinate>& word) const {
  std::int64_t line = 0;
  for (std::size_t d = 0; d < word.size(); ++d) {
    const LineMap::Dimension& dimension = map_.dimensions[d];
    const std::int64_t group = floor_divide(word[d] - dimension.low, dimension.words);
    key.push_back(word[d] - dimension.low - group * dimension.words);
    line += group * dimension.line_stride;
  }
  key.push_back(static_cast<std::int64_t>(bank_of(line)));
}

std::vector<TensorLines> tensor_lines(const BoundTree& tree) {
  std::vector<TensorLines> all;
  const auto& memories = tree.architecture.memories;
  if (memories.size() <= banked_level.value || !memories[banked_level.value].banks) return all;
  const auto banks = static_cast<std::size_t>(memories[banked_level.value].banks->count);
  for (std::size_t t = 0; t < tree.tensors.size(); ++t) {
    const std::int64_t first = tree.graph.tensors[TensorId(t)].first_bank.value_or(static_cast<std::int64_t>(t));
    all.emplace_back(line_map(tree, TensorId(t)), banks, first);
  }
  return all;
}

}  // namespace loopsim
