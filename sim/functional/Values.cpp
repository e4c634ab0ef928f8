#include "sim/functional/Values.hpp"

namespace loopsim {

namespace {

/// Finaliser of SplitMix64: every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  x ^= x >> 31;
  return x;
}

}  // namespace

std::uint64_t input_seed(std::string_view tensor) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (char c : tensor) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(hash);
}

Value input_value(std::uint64_t seed, const Coordinate* coordinates, std::size_t dimensions) {
  std::uint64_t hash = seed;
  for (std::size_t d = 0; d < dimensions; ++d) {
    hash = mix(hash + 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(coordinates[d]));
  }
  const std::uint64_t value = hash >> 8;
  if (hash % 32 == 0) return static_cast<Value>(value % 2001) - 1000;
  return static_cast<Value>(value % 16) - 8;
}

Value exponential(Value x) {
  constexpr Value least = -384;
  constexpr Value beyond = 528;
  if (x < least) return 0;
  if (x >= beyond) return Value{1} << 61;
  const Value above_least = x - least;  // so that quotient and remainder need no care for signs
  return (16 + above_least % 16) << (above_least / 16);
}

Value quotient(Value a, Value b) {
  if (b == 0) return 0;
  if (b == -1) return wrapping_subtract(0, a);
  return a / b;
}

}  // namespace loopsim
