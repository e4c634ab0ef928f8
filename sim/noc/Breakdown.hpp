#pragma once

#include <cstdint>

#include "base/Ids.hpp"
#include "base/Quantity.hpp"

namespace loopsim {

/// An output of a router, or the way of a terminal into its router. One flit a cycle.
using LinkId = Id<struct LinkKind>;

/// Where the cycles of a packet went: the chain of events that ended last (its tail's arrival), without gaps. Each
/// cycle has one cause, so the parts sum to the latency.
struct Breakdown {
  Cycle queue;          ///< at the source, before the head entered the network
  Cycle pipeline;       ///< in stages of routers and on links
  Cycle serialization;  ///< behind earlier flits of the same packet that moved
  Cycle vc;             ///< for a virtual channel, or behind another packet in the same one
  Cycle arbitration;    ///< lost arbitration for a link
  Cycle credit;         ///< for space in the next buffer

  Cycle total() const { return queue + pipeline + serialization + vc + arbitration + credit; }

  Breakdown& operator+=(const Breakdown& other) {
    queue += other.queue;
    pipeline += other.pipeline;
    serialization += other.serialization;
    vc += other.vc;
    arbitration += other.arbitration;
    credit += other.credit;
    return *this;
  }
  friend bool operator==(const Breakdown& a, const Breakdown& b) {
    return a.queue == b.queue && a.pipeline == b.pipeline && a.serialization == b.serialization && a.vc == b.vc &&
           a.arbitration == b.arbitration && a.credit == b.credit;
  }
};

}  // namespace loopsim
