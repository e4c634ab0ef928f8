#pragma once

#include <cstddef>
#include <string>

namespace loopsim {

/// The class of the n-th of several colours for things without one of their own; they repeat after ten.
std::string series_style(std::size_t n);

}  // namespace loopsim
