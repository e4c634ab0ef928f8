#pragma once

#include <cstdint>

namespace loopsim {

/// Members of a set of up to 64: ports of a router, virtual channels of a port.
using BitSet = std::uint64_t;

constexpr BitSet bit(std::uint32_t member) {
  return BitSet{1} << member;
}
constexpr BitSet first_bits(std::uint32_t count) {
  return count >= 64 ? ~BitSet{0} : bit(count) - 1;
}
inline std::uint32_t lowest(BitSet set) {
  return static_cast<std::uint32_t>(__builtin_ctzll(set));
}
inline bool single(BitSet set) {
  return (set & (set - 1)) == 0;
}

/// The first member at or after `start` (< 64), going round. The set is not empty.
inline std::uint32_t round_robin(BitSet set, std::uint32_t start) {
  const BitSet after = set >> start << start;
  return lowest(after != 0 ? after : set);
}

}  // namespace loopsim
