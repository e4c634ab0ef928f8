#pragma once

#include <cstdint>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "mapping/DataLayout.hpp"

namespace loopsim {

/// Where the words of a tensor lie: line and place in the line. One to one over the tensor's extent.
struct LineMap {
  struct Dimension {
    Coordinate low = 0;            ///< least coordinate of the extent
    std::int64_t words = 1;        ///< coordinates in a line
    std::int64_t line_stride = 1;  ///< lines from one group of `words` coordinates to the next
    std::int64_t word_stride = 1;  ///< words from one coordinate to the next, within a line

    /// Lines along this dimension, from 0; coordinates are not below `low`.
    std::int64_t line(Coordinate x) const { return (x - low) / words; }
  };
  std::vector<Dimension> dimensions;
  std::int64_t lines = 1;          ///< of the whole extent
  std::int64_t words_in_line = 1;  ///< places that the layout uses

  std::int64_t line_of(const std::vector<Coordinate>& word) const;
  std::int64_t place_of(const std::vector<Coordinate>& word) const;
};

/// `extent`: hull of the tensor's words. `line_words`: room in a line; counts of the layout must fit.
LineMap make_line_map(const DataLayout& layout, const std::vector<Interval>& extent, std::int64_t line_words);

/// The map of a tensor in the banked level 1 of a machine.
LineMap line_map(const BoundTree& tree, TensorId tensor);

/// Words of a tensor that a line of level 1 has room for; 0 if a word is wider than a line.
std::int64_t line_words(const BoundTree& tree, TensorId tensor);

}  // namespace loopsim
