#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// What a word holds in functional mode. All arithmetic wraps modulo 2^64.
using Value = std::int64_t;

/// Stands for the name of an input tensor, so that the name is hashed once.
std::uint64_t input_seed(std::string_view tensor);

/// Value of an input word: a hash of the tensor's name and the coordinates. Mostly -8 to 7; one word in 32 lies within
/// -1000 to 1000, so that functions with a range are met outside it too.
Value input_value(std::uint64_t seed, const Coordinate* coordinates, std::size_t dimensions);

/// A monotone stand-in for exp on integers: 2^(x/16) in fixed point with 28 fraction bits, straight lines between
/// multiples of 16; 0 below -384, 2^61 from 528 on.
Value exponential(Value x);

/// a / b cut towards zero; 0 where b is 0; the least value divided by -1 wraps to itself.
Value quotient(Value a, Value b);

/// Sum, difference and product modulo 2^64.
inline Value wrapping_add(Value a, Value b) {
  return static_cast<Value>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
inline Value wrapping_subtract(Value a, Value b) {
  return static_cast<Value>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
inline Value wrapping_multiply(Value a, Value b) {
  return static_cast<Value>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

/// What the accumulation of an output word starts from: the least value for max, else 0.
inline Value identity_of(Operation operation) {
  return operation == Operation::max ? std::numeric_limits<Value>::min() : 0;
}

/// Adds a contribution to a running value: the greater of the two for max, else their sum. The order of contributions
/// does not matter.
inline Value accumulate(Operation operation, Value running, Value contribution) {
  return operation == Operation::max ? std::max(running, contribution) : wrapping_add(running, contribution);
}

/// What one operation contributes to its output word; there is at least one operand.
/// mac, mul, max: product of the operands. add: their sum. sub: the first minus the others. relu: max(first, 0).
/// exp: exponential(first). div: quotient(first, second). copy: the first.
inline Value operation_value(Operation operation, const Value* operands, std::size_t count) {
  Value value = operands[0];
  switch (operation) {
    case Operation::mac:
    case Operation::mul:
    case Operation::max:
      for (std::size_t i = 1; i < count; ++i) value = wrapping_multiply(value, operands[i]);
      return value;
    case Operation::add:
      for (std::size_t i = 1; i < count; ++i) value = wrapping_add(value, operands[i]);
      return value;
    case Operation::sub:
      for (std::size_t i = 1; i < count; ++i) value = wrapping_subtract(value, operands[i]);
      return value;
    case Operation::exp:
      return exponential(value);
    case Operation::div:
      return count < 2 ? value : quotient(value, operands[1]);
    case Operation::relu:
      return std::max<Value>(value, 0);
    case Operation::copy:
      return value;
  }
  return value;
}

}  // namespace loopsim
