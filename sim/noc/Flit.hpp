#pragma once

#include <cstdint>

#include "sim/noc/Breakdown.hpp"
#include "sim/noc/Interconnect.hpp"

namespace loopsim {

/// The causes of a flit's time so far; carried from event to event along the one that came last. A part holds up to
/// 2^32 - 1 cycles.
struct FlitHistory {
  Cycle injected;  ///< the packet's head (of a sum: the head of the share that came last)
  std::uint32_t pipeline = 0;
  std::uint32_t serialization = 0;
  std::uint32_t vc = 0;
  std::uint32_t arbitration = 0;
  std::uint32_t credit = 0;
  std::uint32_t routers = 0;
  std::uint32_t longest_loss = 0;  ///< cycles of arbitration lost in one place
  LinkId lost_on;
};

struct Flit {
  std::uint32_t packet = 0;    ///< place in the table of packets
  std::uint32_t node = 0;      ///< place in the packet's route tree
  std::uint32_t sequence = 0;  ///< 0: the head
  Cycle arrived;               ///< in the buffer it is in
  FlitHistory history;
};

inline Breakdown breakdown_of(const FlitHistory& history, Cycle created) {
  return {history.injected - created, Cycle(history.pipeline),    Cycle(history.serialization),
          Cycle(history.vc),          Cycle(history.arbitration), Cycle(history.credit)};
}

}  // namespace loopsim
