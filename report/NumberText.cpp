#include "report/NumberText.hpp"

#include <cmath>
#include <cstddef>
#include <fmt/format.h>

namespace loopsim {
namespace {

/// Four significant digits.
std::string scaled(double value, const char* const* prefixes, std::size_t count, std::string_view unit) {
  std::size_t step = 0;
  while (step + 1 < count && std::abs(value) >= 999.95) {
    value /= 1000;
    ++step;
  }
  const double size = std::abs(value);
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
  static constexpr const char* prefixes[] = {"p", "n", "u", "m", ""};
  return scaled(picojoules, prefixes, std::size(prefixes), "J");
}

std::string time_text(double seconds) {
  static constexpr const char* prefixes[] = {"p", "n", "u", "m", ""};
  return scaled(seconds * 1e12, prefixes, std::size(prefixes), "s");
}

std::string counted(std::int64_t count, std::string_view unit) {
  return fmt::format("{} {}{}", grouped(count), unit, count == 1 ? "" : "s");
}

}  // namespace loopsim
