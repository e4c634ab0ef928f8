#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/noc/Flit.hpp"

namespace loopsim {

/// What is due in one cycle.
struct RingSlot {
  struct Arrival {
    std::uint32_t input_vc = 0;
    Flit flit;
  };
  struct Tail {
    std::uint32_t packet = 0;
    TerminalId terminal;
    FlitHistory history;
  };
  std::vector<Tail> tails;                    ///< at their destinations
  std::vector<Arrival> arrivals;              ///< flits at routers
  std::vector<std::uint32_t> credits;         ///< output VCs that get a credit
  std::vector<std::uint32_t> source_credits;  ///< the same of terminals
  std::vector<std::uint32_t> routed;          ///< input VCs whose head may ask for output VCs
  std::vector<std::uint32_t> allocated;       ///< branches that may ask for the switch

  bool empty() const {
    return tails.empty() && arrivals.empty() && credits.empty() && source_credits.empty() && routed.empty() &&
           allocated.empty();
  }
  void clear() {
    tails.clear();
    arrivals.clear();
    credits.clear();
    source_credits.clear();
    routed.clear();
    allocated.clear();
  }
};

/// Events of the next cycles, in a ring of slots that keep their memory.
class EventRing {
 public:
  /// No event is further ahead than `horizon`.
  explicit EventRing(Cycle horizon) {
    std::size_t size = 2;
    while (static_cast<std::int64_t>(size) <= horizon.value) size *= 2;
    slots_.resize(size);
  }

  RingSlot& at(Cycle cycle) { return slots_[static_cast<std::uint64_t>(cycle.value) & (slots_.size() - 1)]; }
  const RingSlot& at(Cycle cycle) const {
    return slots_[static_cast<std::uint64_t>(cycle.value) & (slots_.size() - 1)];
  }
  std::int64_t size() const { return static_cast<std::int64_t>(slots_.size()); }

  /// The first cycle after `now` with something to do.
  std::optional<Cycle> next_after(Cycle now) const {
    for (std::int64_t ahead = 1; ahead < size(); ++ahead) {
      if (!at(now + Cycle(ahead)).empty()) return now + Cycle(ahead);
    }
    return std::nullopt;
  }

 private:
  std::vector<RingSlot> slots_;
};

}  // namespace loopsim
