#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "sim/noc/Interconnect.hpp"

namespace loopsim {

/// Who sends to whom (W. J. Dally, B. Towles, "Principles and Practices of Interconnection Networks", 2004, ch. 3).
enum class TrafficPattern {
  uniform,    ///< every node with equal probability, itself too
  transpose,  ///< (x, y) to (y, x); square meshes only
  hotspot,    ///< a share of the packets to one node, the rest uniform
  neighbor,   ///< (x, y) to (x + 1, y + 1), around the edges
};

struct TrafficSettings {
  TrafficPattern pattern = TrafficPattern::uniform;
  std::int64_t width = 1;
  std::int64_t height = 1;
  TerminalId hotspot;
  double hotspot_share = 0;  ///< of all packets, besides its part of the uniform rest
};

/// A number in [0, 1), the same on every platform.
inline double unit_random(std::mt19937_64& random) {
  return static_cast<double>(random() >> 11) * 0x1p-53;
}

TerminalId destination_of(const TrafficSettings& traffic, TerminalId source, std::mt19937_64& random);

}  // namespace loopsim
