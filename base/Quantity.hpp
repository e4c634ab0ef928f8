#pragma once

#include <cstdint>

#include "base/CheckedMath.hpp"

namespace loopsim {

/// Whether sums and products of a unit are checked: where something else bounds them they need not be.
template <class Unit>
inline constexpr bool overflow_is_checked = true;

/// What is said where an amount of a unit does not fit in 64 bits.
template <class Unit>
inline constexpr const char* overflow_text = "a count exceeds 2^63 - 1";
template <>
inline constexpr const char* overflow_text<struct CycleUnit> = "a number of cycles exceeds 2^63 - 1";
template <>
inline constexpr const char* overflow_text<struct PicosecondsUnit> =
    "the simulated time exceeds 2^63 - 1 ps, which are 106 days; with a faster simulation.clock cycles are shorter";

/// Out of line and cold, so that a check costs a branch.
template <class Unit>
[[noreturn, gnu::cold, gnu::noinline]] void throw_overflow() {
  throw OverflowError(overflow_text<Unit>);
}

/// An integer amount of one unit. Amounts of different units do not mix. What does not fit is an OverflowError, so that
/// time never goes backwards.
template <class Unit>
struct Quantity {
  std::int64_t value = 0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(std::int64_t v) : value(v) {}

  constexpr Quantity& operator+=(Quantity other) {
    if constexpr (overflow_is_checked<Unit>) {
      if (__builtin_add_overflow(value, other.value, &value)) throw_overflow<Unit>();
    } else {
      value += other.value;
    }
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    if constexpr (overflow_is_checked<Unit>) {
      if (__builtin_sub_overflow(value, other.value, &value)) throw_overflow<Unit>();
    } else {
      value -= other.value;
    }
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  friend constexpr Quantity operator*(Quantity a, std::int64_t n) {
    if constexpr (overflow_is_checked<Unit>) {
      if (__builtin_mul_overflow(a.value, n, &a.value)) throw_overflow<Unit>();
    } else {
      a.value *= n;
    }
    return a;
  }
  friend constexpr bool operator==(Quantity a, Quantity b) { return a.value == b.value; }
  friend constexpr bool operator!=(Quantity a, Quantity b) { return a.value != b.value; }
  friend constexpr bool operator<(Quantity a, Quantity b) { return a.value < b.value; }
  friend constexpr bool operator<=(Quantity a, Quantity b) { return a.value <= b.value; }
  friend constexpr bool operator>(Quantity a, Quantity b) { return a.value > b.value; }
  friend constexpr bool operator>=(Quantity a, Quantity b) { return a.value >= b.value; }
};

/// A count on the way to 64 bits.
__extension__ using WideCount = __int128;

template <class Unit>
constexpr Quantity<Unit> narrowed(WideCount count) {
  const auto value = static_cast<std::int64_t>(count);
  if (value != count) throw_overflow<Unit>();
  return Quantity<Unit>(value);
}

/// Core clock cycles.
using Cycle = Quantity<struct CycleUnit>;
/// Tensor elements.
using Words = Quantity<struct WordsUnit>;
/// Simulated time.
using Picoseconds = Quantity<struct PicosecondsUnit>;

}  // namespace loopsim
