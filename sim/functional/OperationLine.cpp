#include "sim/functional/OperationLine.hpp"

#include <algorithm>
#include <limits>

namespace loopsim {

namespace {

/// Quotient rounded down; `b` > 0.
std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

OperationLine operation_line(const TensorAccess& access, const TensorLayout& layout,
                             const std::vector<Coordinate>& at) {
  OperationLine line;
  line.low = std::numeric_limits<Coordinate>::min();
  line.high = std::numeric_limits<Coordinate>::max();
  for (std::size_t d = 0; d < access.projection.size(); ++d) {
    std::int64_t offset = access.projection[d].constant - layout.box[d].low;
    std::int64_t slope = 0;
    for (const AffineTerm& term : access.projection[d].terms) {
      if (term.rank + 1 == at.size()) {
        slope = term.coefficient;
      } else {
        offset += term.coefficient * at[term.rank];
      }
    }
    const std::int64_t extent = layout.box[d].high - layout.box[d].low;
    line.start += offset * layout.strides[d];
    line.step += slope * layout.strides[d];
    // 0 <= offset + slope * x < extent
    if (slope > 0) {
      line.low = std::max(line.low, -floor_divide(offset, slope));
      line.high = std::min(line.high, floor_divide(extent - 1 - offset, slope) + 1);
    } else if (slope < 0) {
      line.low = std::max(line.low, -floor_divide(extent - 1 - offset, -slope));
      line.high = std::min(line.high, floor_divide(offset, -slope) + 1);
    } else if (offset < 0 || offset >= extent) {
      line.high = line.low;
    }
  }
  return line;
}

}  // namespace loopsim
