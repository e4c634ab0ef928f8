#pragma once

#include <cstdint>
#include <stdexcept>

namespace loopsim {

/// A count does not fit in 64 bits. Loaders turn it into a diagnostic.
struct OverflowError : std::overflow_error {
  using std::overflow_error::overflow_error;
};

inline std::int64_t checked_multiply(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) throw OverflowError("a count exceeds 2^63 - 1");
  return result;
}

inline std::int64_t checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(a, b, &result)) throw OverflowError("a count exceeds 2^63 - 1");
  return result;
}

/// Quotient rounded up; `b` > 0, `a` >= 0.
constexpr std::int64_t ceil_divide(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

}  // namespace loopsim
