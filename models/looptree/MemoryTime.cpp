#include "models/looptree/MemoryTime.hpp"

#include <stdexcept>

#include "base/CheckedMath.hpp"

namespace loopsim {

namespace {

__extension__ typedef __int128 Wide;

std::int64_t cycles(std::int64_t bits, std::int64_t bits_per_second, std::int64_t clock_hz) {
  const Wide product = static_cast<Wide>(bits) * clock_hz;
  const Wide result = (product + bits_per_second - 1) / bits_per_second;
  if (result > INT64_MAX) throw OverflowError("a number of cycles exceeds 2^63 - 1");
  return static_cast<std::int64_t>(result);
}

/// a / b >= c / d for rates b, d that may be 0 (then the quotient is infinite unless nothing is to be moved).
bool takes_as_long(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
  return static_cast<Wide>(a) * d >= static_cast<Wide>(c) * b;
}

}  // namespace

std::int64_t memory_cycles(const PortBandwidth& bandwidth, std::int64_t read_bits, std::int64_t write_bits,
                           std::int64_t clock_hz) {
  if (bandwidth.unlimited()) return 0;
  const std::int64_t shared = bandwidth.shared.value_or(0);
  const std::int64_t read = bandwidth.read.value_or(0);
  const std::int64_t write = bandwidth.write.value_or(0);
  if (read + shared == 0) read_bits = 0;
  if (write + shared == 0) write_bits = 0;
  if (read_bits == 0 && write_bits == 0) return 0;
  if (write + shared > 0 && takes_as_long(write_bits, write + shared, read_bits, read)) {
    return cycles(write_bits, write + shared, clock_hz);
  }
  if (read + shared > 0 && takes_as_long(read_bits, read + shared, write_bits, write)) {
    return cycles(read_bits, read + shared, clock_hz);
  }
  return cycles(checked_add(read_bits, write_bits), read + write + shared, clock_hz);
}

}  // namespace loopsim
