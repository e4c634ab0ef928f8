#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace loopsim {

/// What is wrong with a projection or a bound, and where in its text.
struct AffineTextError : std::runtime_error {
  AffineTextError(std::size_t at, const std::string& message) : std::runtime_error(message), offset(at) {}
  std::size_t offset;
};

/// An affine expression over names, before they are looked up.
struct NamedAffine {
  std::map<std::string, std::int64_t> coefficients;  ///< no zeros
  std::map<std::string, std::size_t> offsets;        ///< where each name first stands in the text
  std::int64_t constant = 0;
  std::size_t offset = 0;  ///< where the expression begins in the text
};

/// Expressions of `[ C1, 2*P1 + R1 - 1 ]`; the brackets may be left out. Throws AffineTextError.
std::vector<NamedAffine> parse_projection(std::string_view text);

/// One constraint low <= name <= high; a missing side is not given here.
struct NamedBound {
  std::string name;
  std::size_t offset = 0;
  bool has_low = false;
  bool has_high = false;
  std::int64_t low = 0;   ///< least value
  std::int64_t high = 0;  ///< one past the largest value
};

/// Constraints of `0 <= P1 < 128 and M1 >= 0 and 64 > M1`, in ISL's notation. Throws AffineTextError.
std::vector<NamedBound> parse_bounds(std::string_view text);

}  // namespace loopsim
