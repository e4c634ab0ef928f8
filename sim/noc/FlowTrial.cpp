#include "sim/noc/FlowTrial.hpp"

#include <algorithm>
#include <array>

#include "base/CheckedMath.hpp"
#include "sim/noc/Mesh.hpp"

namespace loopsim {

namespace {

constexpr std::int64_t shortest_window = 720;  ///< cycles
constexpr std::int64_t packets_in_window = 32;
constexpr std::int64_t packets_to_settle = 8;
/// In two windows a flow has to fall behind: queues may grow for a while until they are even. How fast a flow alone is
/// then is seen in the second, to 1 %.
constexpr std::int64_t longer_window = 4;
/// So much slower than the best after a part of that window is slower after all of it.
constexpr double clearly_slower = 1.015625;

/// Trains of a trial and how far they have come.
class Trial {
 public:
  Trial(const MeshSettings& settings, const std::vector<PatternFlow>& flows, Cycle end) : mesh_(settings) {
    for (std::size_t f = 0; f < flows.size(); ++f) {
      for (const RepeatedPacket& one : flows[f].pattern->packets) {
        Packet packet = one.packet;
        packet.tag = PacketTag(static_cast<std::int64_t>(trains_.size()));
        const Train train{f, flows[f].period.value, one.count};
        trains_.push_back(train);
        // More than leave until the end, since only a train under way tells how far it is.
        mesh_.inject_train(packet, Cycle(0), 2 * train.due(end) + 2, flows[f].period, one.count);
      }
    }
  }

  /// Packets of each train that have come through.
  std::vector<std::int64_t> complete(Cycle at) {
    mesh_.advance(at, arrivals_);
    std::vector<std::int64_t> complete(trains_.size());
    for (const auto& [tag, packets] : mesh_.packets_complete()) complete[static_cast<std::size_t>(tag.value)] = packets;
    return complete;
  }

  /// Of a flow alone: whether it has fallen behind for good in a part of a window, and is slower than `best` in it.
  bool hopeless(Cycle from, const std::vector<std::int64_t>& before, Cycle now, const std::vector<std::int64_t>& after,
                Cycle end, Cycle best) const {
    bool behind = false, slower = false;
    for (std::size_t t = 0; t < trains_.size(); ++t) {
      const Train& train = trains_[t];
      const std::int64_t through = after[t] - before[t];
      behind |= train.due(now) - train.due(from) - through > most_late(train.due(end) - train.due(from));
      const auto took = static_cast<double>((now - from).value * train.each);
      slower |= took > clearly_slower * static_cast<double>(best.value) * static_cast<double>(through + 1);
    }
    return behind && slower;
  }

  /// Of each flow from one instant to another: whether some train became later by more than a few packets, and how fast
  /// its slowest train was.
  std::vector<FlowPace> paces(Cycle from, const std::vector<std::int64_t>& before, Cycle to,
                              const std::vector<std::int64_t>& after, std::size_t flows) const {
    std::vector<FlowPace> paces(flows);
    for (std::size_t t = 0; t < trains_.size(); ++t) {
      const Train& train = trains_[t];
      FlowPace& pace = paces[train.flow];
      const std::int64_t due = train.due(to) - train.due(from), through = after[t] - before[t];
      pace.behind = pace.behind || due - through > most_late(due);
      const Cycle took(ceil_divide((to - from).value * train.each, std::max<std::int64_t>(1, through)));
      pace.period = std::max({pace.period, Cycle(train.period), took});
    }
    return paces;
  }

 private:
  /// Packets that may be late of those that were due in a window.
  static std::int64_t most_late(std::int64_t due) { return 1 + due / (4 * packets_in_window); }

  struct Train {
    std::size_t flow = 0;
    std::int64_t period = 1;
    std::int64_t each = 1;

    /// Packets ready by then.
    std::int64_t due(Cycle at) const { return ((at.value + 1) * each - 1) / period + 1; }
  };

  Mesh mesh_;
  NocArrivals arrivals_;
  std::vector<Train> trains_;
};

}  // namespace

std::vector<FlowPace> try_flows(const MeshSettings& settings, const std::vector<PatternFlow>& flows,
                                const std::optional<Cycle>& best) {
  // In so many cycles each flow has a packet of its most frequent kinds.
  std::int64_t round = 1;
  for (const PatternFlow& flow : flows) round = std::max(round, ceil_divide(flow.period.value, flow.pattern->most));
  const Cycle way((settings.width + settings.height) * settings.delays.hop().value + 64);
  const Cycle window(ceil_divide(std::max(shortest_window, packets_in_window * round), round) * round);
  Cycle now = way + Cycle(packets_to_settle * round);
  const std::array windows{window, flows.size() == 1 ? window * longer_window : window};
  Trial trial(settings, flows, now + windows[0] + windows[1]);
  std::vector<FlowPace> paces;
  std::vector<std::int64_t> before = trial.complete(now);
  for (const Cycle length : windows) {
    const Cycle from = now;
    const Cycle end = now + length;
    std::vector<std::int64_t> after;
    bool hopeless = false;
    while (now < end && !hopeless) {
      now += best ? window : length;
      after = trial.complete(now);
      hopeless = best && !paces.empty() && now < end && trial.hopeless(from, before, now, after, end, *best);
    }
    std::vector<FlowPace> here = trial.paces(from, before, now, after, flows.size());
    bool any = false;
    for (std::size_t f = 0; f < flows.size(); ++f) {
      here[f].behind = here[f].behind && (paces.empty() || paces[f].behind);
      if (!here[f].behind) here[f].period = flows[f].period;
      any |= here[f].behind;
    }
    paces = std::move(here);
    if (!any) break;
    before = std::move(after);
  }
  return paces;
}

}  // namespace loopsim
