#pragma once

#include <string>
#include <vector>

#include "mapping/TensorLayout.hpp"

namespace loopsim {

/// The last four columns of each file that says where tensors lie, "dimensions,low,extent,stride_words", each a list
/// with spaces. `strides`: words from one coordinate to the next.
std::string tensor_columns(const std::vector<std::string>& dimensions, const std::vector<Interval>& box,
                           const std::vector<std::int64_t>& strides);

}  // namespace loopsim
