#pragma once

#include <cstdint>

#include "base/LimitError.hpp"

namespace loopsim {

/// A count does not fit in 64 bits. Loaders turn it into a diagnostic.
struct OverflowError : LimitError {
  using LimitError::LimitError;
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

/// Quotient rounded up; `b` > 0.
constexpr std::int64_t ceil_divide(std::int64_t a, std::int64_t b) {
  return a / b + (a % b > 0 ? 1 : 0);
}

/// `part` of `whole` shares of an amount, rounded down; at most the whole, so that the result fits where the product
/// does not.
inline std::int64_t share_of(std::int64_t amount, std::int64_t part, std::int64_t whole) {
  __extension__ using Wide = __int128;
  return static_cast<std::int64_t>(static_cast<Wide>(amount) * part / whole);
}

}  // namespace loopsim
