#pragma once

#include <string_view>

namespace loopsim {

/// What a cause of the comparison (docs/comparison.md) means, in a few words; empty if it is not known here.
std::string_view cause_text(std::string_view cause);

}  // namespace loopsim
