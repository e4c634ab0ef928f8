#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace loopsim {

/// How many of one unit another one is, exactly: a GHz is 1'000'000'000 / 1 Hz, a ns is 1 / 1'000'000'000 s.
struct UnitRatio {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;
};

/// Units are written as a base unit (Hz, s, b, B, J, W, V, A, cycles, …) with an SI prefix (f p n u m k M G T P) or a
/// binary one (Ki Mi Gi Ti), or as a quotient of two: "GHz", "KiB", "Gb/s", "fJ/bit". `b` is a bit, `B` eight.

/// The ratio of the unit `written` to `unit`; nothing if it is of another kind or none at all.
std::optional<UnitRatio> unit_ratio(std::string_view written, std::string_view unit);

/// Why unit_ratio() gives nothing: "there is no unit 'Ghz'; did you mean 'GHz'?", "'ns' is no amount of Hz".
std::string unit_error(std::string_view written, std::string_view unit);

/// Where the unit at the end of a text begins: "1.5 GHz", "16*1024B"; the length of the text if there is none.
std::size_t unit_begin(std::string_view text);

}  // namespace loopsim
