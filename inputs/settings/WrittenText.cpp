#include "inputs/settings/WrittenText.hpp"

#include <fmt/format.h>

#include "arch/BoundlessRate.hpp"

namespace loopsim {

std::string whole(std::int64_t value) {
  return std::to_string(value);
}

std::optional<std::string> whole(const std::optional<std::int64_t>& value) {
  return value ? std::optional(std::to_string(*value)) : std::nullopt;
}

std::string decimal(double value) {
  return fmt::format("{}", value);
}

std::string yes_or_no(bool value) {
  return value ? "true" : "false";
}

std::string limit(const std::optional<std::int64_t>& value) {
  return value ? std::to_string(*value) : "inf";
}

std::string rate(const std::optional<std::int64_t>& bits_per_second) {
  return bits_per_second && *bits_per_second < boundless_bits_per_second ? std::to_string(*bits_per_second) : "inf";
}

}  // namespace loopsim
