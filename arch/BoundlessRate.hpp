#pragma once

#include <cstdint>

namespace loopsim {

/// Stands for "no limit" where ports of another kind are limited: 10^18 bits per second.
constexpr std::int64_t boundless_bits_per_second = 1'000'000'000'000'000'000;

}  // namespace loopsim
