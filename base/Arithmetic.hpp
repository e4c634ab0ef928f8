#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace loopsim {

/// What an arithmetic text amounts to: exact while it is an integer.
struct Number {
  std::variant<std::int64_t, double> value;

  bool is_integer() const { return std::holds_alternative<std::int64_t>(value); }
  std::int64_t integer() const { return std::get<std::int64_t>(value); }
  double real() const { return is_integer() ? static_cast<double>(integer()) : std::get<double>(value); }
};

struct ArithmeticError {
  std::size_t offset = 0;  ///< into the text
  std::string message;
};

/// Value of a text such as `16*1024`, `(3 + 1) / 2`, `2**20`, `1e-9`, `inf`. A value without a fraction is an integer
/// wherever it fits in 64 bits and is known exactly.
std::variant<Number, ArithmeticError> evaluate_arithmetic(std::string_view text);

/// The number times numerator / denominator, both positive; nothing where an integer does not fit in 64 bits.
std::optional<Number> scaled(Number number, std::int64_t numerator, std::int64_t denominator);

}  // namespace loopsim
