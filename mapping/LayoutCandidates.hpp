#pragma once

#include <cstdint>
#include <vector>

#include "mapping/DataLayout.hpp"
#include "mapping/sets/PointSet.hpp"

namespace loopsim {

using LineWords = std::vector<DataLayout::InLine>;

/// What a line may hold: words of one dimension or of two, as many as there is room for; of the first of two a power of
/// two, all, or a count that is `wanted` along it. `extent`: hull of the tensor's words; `wanted`: by dimension.
std::vector<LineWords> line_candidates(const std::vector<Interval>& extent, std::int64_t line_words,
                                       const std::vector<std::vector<std::int64_t>>& wanted);

/// Orders of the lines: every permutation of the dimensions that have more than one line, the others outermost. The
/// tensor's own order comes first. Of more than five such dimensions rotations only.
std::vector<std::vector<std::size_t>> order_candidates(const std::vector<Interval>& extent, const LineWords& in_line);

}  // namespace loopsim
