#pragma once

#include <string_view>

namespace loopsim {

/// Unit of a compared metric by its name: "cycle", "pJ", "op", "step" or "word".
const char* metric_unit(std::string_view metric);

}  // namespace loopsim
