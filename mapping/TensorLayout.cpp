#include "mapping/TensorLayout.hpp"

#include "mapping/sets/Projection.hpp"

namespace loopsim {

namespace {

std::vector<Interval> box_around(const BoundTree& tree, TensorId id) {
  const Tensor& tensor = tree.graph.tensors[id];
  if (!tensor.writer) return bounds(tree.tensors[id].extent);
  const TensorAccess& output = tree.graph.einsums[*tensor.writer].output;
  return bounds(image(output, operation_space(tree.graph, *tensor.writer)));
}

void add_runs(const TensorLayout& layout, const Box& words, std::size_t dimension, std::int64_t index,
              std::vector<IndexRun>& runs) {
  if (dimension == words.dimensions.size()) {
    runs.push_back({static_cast<std::size_t>(index), 1});
    return;
  }
  const Coordinate low = layout.box[dimension].low;
  for (Interval run : words.dimensions[dimension].runs()) {
    if (dimension + 1 == words.dimensions.size()) {
      runs.push_back({static_cast<std::size_t>(index + run.low - low), static_cast<std::size_t>(run.high - run.low)});
      continue;
    }
    for (Coordinate x = run.low; x < run.high; ++x) {
      add_runs(layout, words, dimension + 1, index + (x - low) * layout.strides[dimension], runs);
    }
  }
}

}  // namespace

std::vector<Coordinate> TensorLayout::coordinates_of(std::size_t index) const {
  std::vector<Coordinate> coordinates;
  auto rest = static_cast<std::int64_t>(index);
  for (std::size_t d = 0; d < box.size(); ++d) {
    coordinates.push_back(box[d].low + rest / strides[d]);
    rest %= strides[d];
  }
  return coordinates;
}

TensorLayout tensor_layout(const BoundTree& tree, TensorId tensor) {
  TensorLayout layout;
  layout.box = box_around(tree, tensor);
  layout.strides.assign(layout.box.size(), 1);
  for (std::size_t d = layout.box.size(); d-- > 0;) {
    layout.strides[d] = static_cast<std::int64_t>(layout.words);
    layout.words *= static_cast<std::size_t>(layout.box[d].high - layout.box[d].low);
  }
  return layout;
}

std::vector<IndexRun> index_runs(const TensorLayout& layout, const PointSet& words) {
  Box whole;
  for (Interval side : layout.box) whole.dimensions.emplace_back(side.low, side.high);
  std::vector<IndexRun> runs;
  for (const Box& box : words.boxes()) {
    const Box inside = intersect(box, whole);
    if (!inside.empty()) add_runs(layout, inside, 0, 0, runs);
  }
  return runs;
}

}  // namespace loopsim
