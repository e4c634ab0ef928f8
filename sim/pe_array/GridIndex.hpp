#pragma once

#include <cstddef>
#include <vector>

namespace loopsim {

/// Steps row-major through the combinations of indices below `sizes`; false after the last.
inline bool next_index(std::vector<std::size_t>& index, const std::vector<std::size_t>& sizes) {
  for (std::size_t a = sizes.size(); a-- > 0;) {
    if (++index[a] < sizes[a]) return true;
    index[a] = 0;
  }
  return false;
}

}  // namespace loopsim
