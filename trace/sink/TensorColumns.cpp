#include "trace/sink/TensorColumns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/CsvField.hpp"

namespace loopsim {

std::string tensor_columns(const std::vector<std::string>& dimensions, const std::vector<Interval>& box,
                           const std::vector<std::int64_t>& strides) {
  std::vector<Coordinate> lows, extents;
  for (const Interval side : box) {
    lows.push_back(side.low);
    extents.push_back(side.high - side.low);
  }
  return fmt::format("{},{},{},{}", csv_field(fmt::format("{}", fmt::join(dimensions, " "))), fmt::join(lows, " "),
                     fmt::join(extents, " "), fmt::join(strides, " "));
}

}  // namespace loopsim
