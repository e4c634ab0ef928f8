#include "sim/noc/FlowTrial.hpp"

#include <algorithm>

#include "base/CheckedMath.hpp"
#include "sim/noc/Mesh.hpp"

namespace loopsim {

namespace {

constexpr std::int64_t shortest_window = 720;  ///< cycles
constexpr std::int64_t packets_in_window = 32;
constexpr std::int64_t packets_to_settle = 8;
/// Windows in a row in which a flow has to fall behind: queues may grow for a while until they are even.
constexpr int windows = 2;

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

  /// Packets of each train that are late.
  std::vector<std::int64_t> late(Cycle at) {
    mesh_.advance(at, arrivals_);
    std::vector<std::int64_t> late;
    for (const Train& train : trains_) late.push_back(train.due(at));
    for (const auto& [tag, complete] : mesh_.packets_complete()) late[static_cast<std::size_t>(tag.value)] -= complete;
    return late;
  }

  /// Flows of which some train was later by more than a few packets.
  std::vector<bool> behind(const std::vector<std::int64_t>& before, const std::vector<std::int64_t>& after,
                           Cycle window, std::size_t flows) const {
    std::vector<bool> behind(flows);
    for (std::size_t t = 0; t < trains_.size(); ++t) {
      const std::int64_t due = trains_[t].due(window);
      if (after[t] - before[t] > 1 + due / (2 * packets_in_window)) behind[trains_[t].flow] = true;
    }
    return behind;
  }

 private:
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

std::vector<bool> fall_behind(const MeshSettings& settings, const std::vector<PatternFlow>& flows) {
  // In so many cycles each flow has a packet of its most frequent kinds.
  std::int64_t round = 1;
  for (const PatternFlow& flow : flows) round = std::max(round, ceil_divide(flow.period.value, flow.pattern->most));
  const Cycle way((settings.width + settings.height) * settings.delays.hop().value + 64);
  const Cycle window(ceil_divide(std::max(shortest_window, packets_in_window * round), round) * round);
  Cycle now = way + Cycle(packets_to_settle * round);
  Trial trial(settings, flows, now + window * windows);
  std::vector<bool> behind(flows.size(), true);
  std::vector<std::int64_t> before = trial.late(now);
  for (int i = 0; i < windows; ++i) {
    now += window;
    std::vector<std::int64_t> after = trial.late(now);
    const std::vector<bool> here = trial.behind(before, after, window, flows.size());
    bool any = false;
    for (std::size_t f = 0; f < flows.size(); ++f) any |= behind[f] = behind[f] && here[f];
    if (!any) break;
    before = std::move(after);
  }
  return behind;
}

}  // namespace loopsim
