#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "sim/noc/Interconnect.hpp"

namespace loopsim {

struct SharedFabricSettings {
  std::int64_t terminals = 1;  ///< > 0
  std::int64_t width = 1;      ///< flits a cycle, > 0
  Cycle arbitration{1};        ///< from the wish to the first cycle of transfer
  Cycle wire{1};               ///< from a cycle of transfer to the arrival
};

/// A network whose packets each hold their wires from the first flit to the last, by arithmetic: the oldest packet goes
/// first (equal age: lower tag, then earlier injection), and one that has its turn reserves what it needs.
/// A bus has one wire for all. A crossbar has one out of each source and one into each destination; a multicast waits
/// for all its destinations and is sent once. Neither combines: the shares of a sum are sent one after the other and it
/// has arrived with the last.
class SharedFabric final : public Interconnect {
 public:
  enum class Kind { bus, crossbar };

  /// Throws std::invalid_argument for settings outside their ranges.
  SharedFabric(Kind kind, const SharedFabricSettings& settings);

  void inject(const Packet& packet, Cycle ready) override { inject_train(packet, ready, 1, Cycle(1), true); }
  void inject_train(const Packet& packet, Cycle ready, std::int64_t count, Cycle period) override {
    inject_train(packet, ready, count, period, false);
  }
  std::optional<Cycle> next_event() const override;
  void advance(Cycle to, NocArrivals& arrivals) override;
  const NetworkCounters& counters() const override { return counters_; }
  const std::vector<LinkCounters>& links() const { return links_; }
  std::string link_name(LinkId link) const override;

 private:
  struct Train {
    Packet packet;
    Cycle ready, period;
    std::int64_t count = 0, sent = 0;
    bool single = false;
    std::uint64_t order = 0;
    TrainCompletion result;
  };
  struct Due {
    Cycle ready;
    PacketTag tag;
    std::uint64_t order = 0;
    std::uint32_t train = 0;
    friend bool operator<(const Due& a, const Due& b) {  // the top of a priority queue is the greatest
      if (a.ready != b.ready) return b.ready < a.ready;
      if (a.tag != b.tag) return b.tag < a.tag;
      return b.order < a.order;
    }
  };
  struct Arrival {
    Cycle at;
    std::uint64_t order = 0;
    Delivery delivery;           ///< of a packet
    std::uint32_t train = none;  ///< or a train's last
    friend bool operator<(const Arrival& a, const Arrival& b) { return a.at != b.at ? b.at < a.at : b.order < a.order; }
  };
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  void inject_train(const Packet& packet, Cycle ready, std::int64_t count, Cycle period, bool single);
  void check(const Packet& packet, Cycle ready) const;
  void wires_of(TerminalId source, const std::vector<TerminalId>& destinations);
  /// Packets of one train alone, `count` of them, from the one that is next.
  void transfer(Train& train, std::uint32_t index, std::int64_t count);
  std::int64_t undisturbed(const Train& train, Cycle before);
  void arrive(Cycle upto, NocArrivals& arrivals);

  Kind kind_;
  SharedFabricSettings settings_;
  Cycle now_;
  std::uint64_t injections_ = 0, arrivals_made_ = 0;
  std::vector<Train> trains_;
  std::vector<std::uint32_t> free_trains_;
  std::priority_queue<Due> due_;
  std::priority_queue<Arrival> arrivals_;
  std::vector<Cycle> free_at_;  ///< by wire
  std::vector<std::uint32_t> wires_;
  std::vector<TerminalId> one_;
  NetworkCounters counters_;
  std::vector<LinkCounters> links_;
};

}  // namespace loopsim
