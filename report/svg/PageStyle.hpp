#pragma once

#include <string_view>

namespace loopsim {

/// The style sheet of drawings: colours by class, for light and dark screens and for paper.
std::string_view drawing_style();

/// What the page needs besides.
std::string_view page_style();

}  // namespace loopsim
