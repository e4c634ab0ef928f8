#pragma once

#include <string>
#include <vector>

#include "mapping/DataLayout.hpp"

namespace loopsim {

/// A layout as parse_layout() reads it: in letters (`HWC_C32`) where they name the tensor's dimensions, else in names.
std::string layout_text(const DataLayout& layout, const std::vector<std::string>& dimensions);

}  // namespace loopsim
