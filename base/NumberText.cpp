#include "base/NumberText.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fmt/format.h>
#include <iterator>

namespace loopsim {
namespace {

constexpr const char* prefixes[] = {"p", "n", "u", "m", ""};

/// Four significant digits of the larger of `value` and `beside`; both are in 10^-12 of the unit.
std::string scaled(double value, double beside, std::string_view unit) {
  double size = std::max(std::abs(value), std::abs(beside));
  std::size_t step = 0;
  for (; step + 1 < std::size(prefixes) && size >= 999.95; ++step) {
    size /= 1000;
    value /= 1000;
  }
  const int decimals = size >= 99.995 ? 1 : size >= 9.9995 ? 2 : 3;
  return fmt::format("{:.{}f} {}{}", value, decimals, prefixes[step], unit);
}

}  // namespace

std::string grouped(std::int64_t value) {
  std::string digits = fmt::format("{}", value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string grouped_signed(std::int64_t value) {
  return (value > 0 ? "+" : "") + grouped(value);
}

std::string percentage(double part, double whole) {
  if (whole == 0) return "-";
  const double percent = 100 * part / whole;
  if (percent != 0 && std::abs(percent) < 0.05) return percent < 0 ? ">-0.1 %" : "<0.1 %";
  return fmt::format("{:.1f} %", percent);
}

std::string energy_text(double picojoules) {
  return energy_text(picojoules, 0);
}

std::string energy_text(double picojoules, double beside) {
  return scaled(picojoules, beside, "J");
}

std::string time_text(double seconds, double beside) {
  return scaled(seconds * 1e12, beside * 1e12, "s");
}

std::string counted(std::int64_t count, std::string_view unit) {
  return fmt::format("{} {}{}", grouped(count), unit, count == 1 ? "" : "s");
}

}  // namespace loopsim
