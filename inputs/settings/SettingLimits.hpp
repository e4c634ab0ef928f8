#pragma once

#include <cstdint>
#include <limits>

namespace loopsim {

// Far beyond any machine, and small enough that sums and products of a few stay within 64 bits. Time is counted in
// picoseconds, so that a cycle cannot be shorter than one.
constexpr std::int64_t fastest_clock = 1'000'000'000'000;
constexpr std::int64_t most_bits = 1'000'000'000;
constexpr std::int64_t most_word_bits = 65'536;
constexpr std::int64_t most_pes = 1'000'000'000;  // along an axis
constexpr std::int64_t most_picojoules = 1'000'000'000'000'000;
constexpr std::int64_t most_cycles = 1'000'000'000'000;
constexpr std::int64_t most_tiles = 1'000'000;
constexpr std::int64_t most_networks = 16;
constexpr std::int64_t most_ports = 28;  // so that they all fit one router
constexpr std::int64_t most_flits = 4096;
constexpr std::int64_t most_stage_cycles = 1000;
constexpr std::int64_t most_banks = 1024;
constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

}  // namespace loopsim
