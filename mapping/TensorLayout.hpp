#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Numbers the words of the box around a tensor row by row.
struct TensorLayout {
  std::vector<Interval> box;          ///< a read outside it is a read of zero padding
  std::vector<std::int64_t> strides;  ///< of each dimension; the last is 1
  std::size_t words = 1;

  std::vector<Coordinate> coordinates_of(std::size_t index) const;
};

/// Around what the writer reaches, the input's shape, or what is read of an input without one.
TensorLayout tensor_layout(const BoundTree& tree, TensorId tensor);

/// Indices first <= i < first + count.
struct IndexRun {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// The words of a set within the box, as runs of consecutive indices.
std::vector<IndexRun> index_runs(const TensorLayout& layout, const PointSet& words);

}  // namespace loopsim
