#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace loopsim {

/// 1234567 -> "1,234,567".
std::string grouped(std::int64_t value);

/// As above with a sign in front, also of positive numbers; zero is "0".
std::string grouped_signed(std::int64_t value);

/// A part of a whole: "6.6 %"; "<0.1 %" where it would round to nothing; "-" of nothing.
std::string percentage(double part, double whole);

/// An energy with the prefix that suits it: "1.235 uJ".
std::string energy_text(double picojoules);

/// With the prefix that suits `beside`, so that two of them compare at a glance.
std::string energy_text(double picojoules, double beside);

/// A time likewise: "10.24 us".
std::string time_text(double seconds, double beside);

/// "1 word", "3 words"; thousands grouped.
std::string counted(std::int64_t count, std::string_view unit);

}  // namespace loopsim
