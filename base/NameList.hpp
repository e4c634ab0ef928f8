#pragma once

#include <string>
#include <vector>

namespace loopsim {

/// "'A', 'B' and 'C'"; of more than four names three, and how many more there are.
std::string list_names(const std::vector<std::string>& names);

}  // namespace loopsim
