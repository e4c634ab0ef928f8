#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/noc/Breakdown.hpp"

namespace loopsim {

/// Where packets enter and leave: a node's local port, or a port of the buffer or of the DRAM.
using TerminalId = Id<struct TerminalKind>;
/// The caller's name for a packet or a train. Packets that enter one terminal in one cycle go in the order of their
/// tags.
using PacketTag = Quantity<struct PacketTagKind>;

enum class PacketKind {
  copy,  ///< from the first end to all others: unicast or multicast tree
  sum,   ///< from all ends but the first to the first: partial sums are combined where they meet
};

/// One packet. A `sum` is one share of equal length from each source, all ready at the same time.
struct Packet {
  PacketKind kind = PacketKind::copy;
  TerminalId root;                 ///< source of copies, sink of a sum
  std::vector<TerminalId> leaves;  ///< destinations of copies, sources of a sum; no terminal twice
  std::int64_t flits = 1;          ///< > 0
  PacketTag tag;
};

/// The tail of a packet has reached a destination.
struct Delivery {
  PacketTag tag;
  TerminalId destination;
  Cycle created;
  Cycle arrived;             ///< of the tail
  Breakdown breakdown;       ///< of arrived - created, on the way to this destination
  LinkId lost_on;            ///< the link for which arbitration was lost longest, if breakdown.arbitration > 0
  std::int64_t routers = 0;  ///< visited
};

/// All packets of a train have reached all their destinations.
struct TrainCompletion {
  PacketTag tag;
  Cycle first;  ///< first packet at its last destination
  Cycle last;   ///< last tail anywhere
  /// max over packets i and destinations of arrival(i) - i * period: when a user that takes one packet a period can
  /// have started, at the earliest, with no packet missing later.
  Cycle latest_start;
  std::int64_t deliveries = 0;  ///< packets times destinations
  Breakdown breakdown;          ///< summed over the deliveries
};

struct NocArrivals {
  std::vector<Delivery> deliveries;
  std::vector<TrainCompletion> trains;

  void clear() {
    deliveries.clear();
    trains.clear();
  }
};

/// What a link did. Waiting cycles are summed over the flits (vc: packets) that waited for it.
struct LinkCounters {
  std::int64_t flits = 0;        ///< also its busy cycles
  std::int64_t arbitration = 0;  ///< cycles waited for the link while another flit had it
  std::int64_t credit = 0;       ///< cycles waited for space behind it
  std::int64_t vc = 0;           ///< cycles waited for a virtual channel on it
};

struct NetworkCounters {
  std::int64_t packets = 0;     ///< entered; a sum counts each share
  std::int64_t flits = 0;       ///< entered
  std::int64_t deliveries = 0;  ///< tails that arrived
  std::int64_t flits_ejected = 0;
  std::int64_t flit_hops = 0;      ///< flits times routers they passed; copies of a multicast count after they part
  std::int64_t router_visits = 0;  ///< routers on the way, summed over deliveries
  Cycle latency;                   ///< summed over deliveries
  Cycle max_latency;
};

/// A network on chip on integer time, without a kernel. Nothing depends on the order of calls within one cycle.
class Interconnect {
 public:
  virtual ~Interconnect() = default;

  /// `ready`: when the packet (each share) may leave its source; not before the cycle last advanced to.
  virtual void inject(const Packet& packet, Cycle ready) = 0;
  /// `count` equal packets, ready at `ready`, `ready + period`, …; `period` >= 1. Reported once, when all have arrived.
  virtual void inject_train(const Packet& packet, Cycle ready, std::int64_t count, Cycle period) = 0;

  /// Nothing arrives before this cycle unless more is injected; none: nothing is under way.
  virtual std::optional<Cycle> next_event() const = 0;
  /// Does all that happens before `to`, and the arrivals of cycle `to` itself, which are appended to `arrivals`.
  /// Throws DeadlockError if nothing can ever move again.
  virtual void advance(Cycle to, NocArrivals& arrivals) = 0;

  virtual const NetworkCounters& counters() const = 0;
  virtual std::string link_name(LinkId link) const = 0;
};

}  // namespace loopsim
