#pragma once

#include <cstddef>
#include <cstdint>

#include "mapping/TensorLayout.hpp"

namespace loopsim {

/// Where an access reaches as the last rank of an einsum advances and the others stand still: the word at x is
/// start + step * x for low <= x < high; for any other x it lies outside the tensor.
struct OperationLine {
  std::int64_t start = 0;
  std::int64_t step = 0;
  Coordinate low = 0;
  Coordinate high = 0;

  bool reaches(Coordinate x) const { return low <= x && x < high; }
  std::size_t index(Coordinate x) const { return static_cast<std::size_t>(start + step * x); }
};

/// `at` holds the coordinates of all ranks; the last one's does not matter.
OperationLine operation_line(const TensorAccess& access, const TensorLayout& layout, const std::vector<Coordinate>& at);

}  // namespace loopsim
