#pragma once

#include <optional>

#include "base/Quantity.hpp"

namespace loopsim {

/// Makes `next` the earlier of the two, if there is another.
inline void take_earlier(std::optional<Picoseconds>& next, std::optional<Picoseconds> other) {
  if (other && (!next || *other < *next)) next = other;
}

}  // namespace loopsim
