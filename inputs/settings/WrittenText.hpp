#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace loopsim {

/// Values as resolved.yaml has them. What is absent is left out.

std::string whole(std::int64_t value);
std::optional<std::string> whole(const std::optional<std::int64_t>& value);
std::string decimal(double value);
std::string yes_or_no(bool value);
/// "inf" where there is no limit.
std::string limit(const std::optional<std::int64_t>& value);
/// The same of bits a second, of which so many are without limit.
std::string rate(const std::optional<std::int64_t>& bits_per_second);

}  // namespace loopsim
