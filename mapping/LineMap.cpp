#include "mapping/LineMap.hpp"

#include <algorithm>

namespace loopsim {

std::int64_t LineMap::line_of(const std::vector<Coordinate>& word) const {
  std::int64_t line = 0;
  for (std::size_t d = 0; d < dimensions.size(); ++d) line += dimensions[d].line(word[d]) * dimensions[d].line_stride;
  return line;
}

std::int64_t LineMap::place_of(const std::vector<Coordinate>& word) const {
  std::int64_t place = 0;
  for (std::size_t d = 0; d < dimensions.size(); ++d) {
    place += (word[d] - dimensions[d].low) % dimensions[d].words * dimensions[d].word_stride;
  }
  return place;
}

LineMap make_line_map(const DataLayout& layout, const std::vector<Interval>& extent, std::int64_t line_words) {
  LineMap map;
  for (const Interval range : extent) map.dimensions.push_back({range.low, 1, 1, 1});
  std::int64_t counted = 1;
  for (const DataLayout::InLine& in_line : layout.in_line) counted *= in_line.words.value_or(1);
  for (const DataLayout::InLine& in_line : layout.in_line) {
    const Interval range = extent[in_line.dimension];
    const std::int64_t room = std::max<std::int64_t>(1, line_words / counted);
    map.dimensions[in_line.dimension].words =
        in_line.words.value_or(std::clamp<std::int64_t>(range.high - range.low, 1, room));
  }
  for (auto in_line = layout.in_line.rbegin(); in_line != layout.in_line.rend(); ++in_line) {
    LineMap::Dimension& dimension = map.dimensions[in_line->dimension];
    dimension.word_stride = map.words_in_line;
    map.words_in_line *= dimension.words;
  }
  for (auto d = layout.order.rbegin(); d != layout.order.rend(); ++d) {
    LineMap::Dimension& dimension = map.dimensions[*d];
    dimension.line_stride = map.lines;
    if (extent[*d].high > extent[*d].low) map.lines *= dimension.line(extent[*d].high - 1) + 1;
  }
  return map;
}

std::int64_t line_words(const BoundTree& tree, TensorId tensor) {
  return tree.architecture.memories[1].line_bits() / word_bits(tree, tensor, LevelId(1));
}

LineMap line_map(const BoundTree& tree, TensorId tensor) {
  const BoundTensor& bound = tree.tensors[tensor];
  std::vector<Interval> extent(tree.graph.tensors[tensor].dimensions.size());
  if (!bound.extent.empty()) extent = bounds(bound.extent);
  return make_line_map(bound.layout, extent, std::max<std::int64_t>(1, line_words(tree, tensor)));
}

}  // namespace loopsim
