#pragma once

#include <cstddef>
#include <cstdint>

namespace loopsim {

/// Hash of a sequence of integers.
struct NumbersHash {
  template <class Sequence>
  std::size_t operator()(const Sequence& numbers) const noexcept {
    std::uint64_t hash = 0x9e3779b97f4a7c15U + numbers.size();
    for (const auto number : numbers) {
      hash = (hash ^ static_cast<std::uint64_t>(number)) * 0xff51afd7ed558ccdU;
      hash ^= hash >> 32U;
    }
    return static_cast<std::size_t>(hash);
  }
};

}  // namespace loopsim
