#include "sim/noc/LoadPoint.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "sim/noc/Mesh.hpp"

namespace loopsim {

namespace {

constexpr int warm_up_periods = 3, most_periods = 10, settled_periods = 3;
constexpr double settled_change = 0.05;
constexpr double most_growth = 0.01;
constexpr double period_packets = 2000, wanted_packets = 40000;
constexpr std::int64_t shortest_period = 1000, longest_period = 1'000'000;
constexpr Cycle longest_run{100'000'000};

/// Packets created at all nodes, by independent trials in every cycle.
class Creator {
 public:
  Creator(const TrafficSettings& traffic, double probability, std::int64_t flits, std::uint64_t seed)
      : traffic_(traffic), probability_(probability), random_(seed) {
    packet_.leaves.resize(1);
    packet_.flits = flits;
    if (probability <= 0) return;
    const std::int64_t nodes = traffic.width * traffic.height;
    for (std::int64_t node = 0; node < nodes; ++node) schedule(Cycle(-1), static_cast<std::uint32_t>(node));
  }

  /// Puts the packets of all cycles before `end` into the network; returns when they were created, summed.
  double create_until(Cycle end, Interconnect& network) {
    double created = 0;
    while (!due_.empty() && due_.top().first < end) {
      const auto [cycle, node] = due_.top();
      due_.pop();
      created += static_cast<double>(cycle.value);
      ++count_;
      packet_.root = TerminalId(node);
      packet_.leaves[0] = destination_of(traffic_, packet_.root, random_);
      network.inject(packet_, cycle);
      schedule(cycle, node);
    }
    return created;
  }
  std::int64_t count() const { return count_; }

 private:
  using Due = std::pair<Cycle, std::uint32_t>;

  void schedule(Cycle after, std::uint32_t node) {
    double gap = 1;
    if (probability_ < 1) gap += std::floor(std::log1p(-unit_random(random_)) / std::log1p(-probability_));
    if (gap > 1e15) return;
    due_.emplace(after + Cycle(static_cast<std::int64_t>(gap)), node);
  }

  const TrafficSettings& traffic_;
  double probability_;
  std::mt19937_64 random_;
  Packet packet_;
  std::int64_t count_ = 0;
  std::priority_queue<Due, std::vector<Due>, std::greater<Due>> due_;
};

/// Averages over the packets created since the last clearing.
struct Window {
  Cycle begin;
  bool all = false;  ///< count older packets too
  std::int64_t arrived = 0, routers = 0, flits_before = 0, created_before = 0, outstanding_before = 0;
  double latency = 0;

  double average() const { return arrived > 0 ? latency / static_cast<double>(arrived) : 0; }
};

class LoadMeasurement {
 public:
  LoadMeasurement(const MeshSettings& mesh, const TrafficSettings& traffic, double rate, std::int64_t flits,
                  std::uint64_t seed)
      : nodes_(static_cast<double>(mesh.width * mesh.height)),
        mesh_(mesh),
        creator_(traffic, rate / static_cast<double>(flits), flits, seed) {
    point_.rate = rate;
    const double packets_a_cycle = nodes_ * rate / static_cast<double>(flits);
    const double cycles = packets_a_cycle > 0 ? std::ceil(period_packets / packets_a_cycle) : 0;
    period_ = Cycle(std::clamp(static_cast<std::int64_t>(std::min(cycles, 1e9)), shortest_period, longest_period));
    // BookSim2's limit, for meshes whose latency without load is far below it.
    const RouterDelays& delays = mesh.delays;
    const std::int64_t zero_load =
        (mesh.width + mesh.height) * delays.hop().value + delays.injection().value + flits - 1;
    latency_limit_ = static_cast<double>(std::max<std::int64_t>(500, 10 * zero_load));
  }

  LoadPoint measure() {
    const bool settled = settle();
    if (settled) extend();
    const Cycle end = now_;
    point_.accepted = accepted();
    point_.saturated = !settled || growing() || !drain(end);
    if (window_.arrived > 0) {
      point_.latency = window_.average();
      point_.hops = static_cast<double>(window_.routers) / static_cast<double>(window_.arrived);
    }
    point_.cycles = now_;
    return point_;
  }

 private:
  void clear(bool all) {
    window_ = Window();
    window_.begin = now_;
    window_.all = all;
    window_.flits_before = mesh_.counters().flits_ejected;
    window_.created_before = created_;
    window_.outstanding_before = mesh_.packets_outstanding();
  }

  void run_to(Cycle end) {
    outstanding_created_ += creator_.create_until(end, mesh_);
    created_ = creator_.count();
    mesh_.advance(end, arrivals_);
    for (const Delivery& delivery : arrivals_.deliveries) {
      outstanding_created_ -= static_cast<double>(delivery.created.value);
      if (delivery.created < last_measured_) --measured_outstanding_;
      if (!window_.all && (delivery.created < window_.begin || last_measured_ <= delivery.created)) continue;
      ++window_.arrived;
      window_.routers += delivery.routers;
      window_.latency += static_cast<double>((delivery.arrived - delivery.created).value);
    }
    arrivals_.clear();
    now_ = end;
  }

  double accepted() const {
    const double flits = static_cast<double>(mesh_.counters().flits_ejected - window_.flits_before);
    return flits / nodes_ / std::max(1.0, static_cast<double>((now_ - window_.begin).value));
  }

  /// More and more packets are under way: an average that changes slowly may still never settle.
  bool growing() const {
    const std::int64_t growth = mesh_.packets_outstanding() - window_.outstanding_before;
    return static_cast<double>(growth) > most_growth * static_cast<double>(created_ - window_.created_before);
  }

  /// Average so far of the window's packets and of those still under way.
  bool too_slow() const {
    const auto waiting = static_cast<double>(mesh_.packets_outstanding());
    if (waiting + static_cast<double>(window_.arrived) == 0) return false;
    const double waited = waiting * static_cast<double>(now_.value) - outstanding_created_;
    return (window_.latency + waited) / (waiting + static_cast<double>(window_.arrived)) > latency_limit_;
  }

  bool settle() {
    double last_latency = 0, last_accepted = 0;
    int settled = 0;
    for (int period = 0; period < most_periods; ++period) {
      const bool warm = period >= warm_up_periods;
      if (period <= warm_up_periods && (period == warm_up_periods || period % 2 == 0)) clear(!warm);
      run_to(now_ + period_);
      if (too_slow()) return false;
      const double latency = window_.average(), accepted_now = accepted();
      const bool same = std::abs(latency - last_latency) <= settled_change * latency &&
                        std::abs(accepted_now - last_accepted) <= settled_change * accepted_now;
      last_latency = latency;
      last_accepted = accepted_now;
      settled = warm && same ? settled + 1 : 0;
      if (settled == settled_periods) return true;
    }
    return false;
  }

  void extend() {
    while (static_cast<double>(window_.arrived) < wanted_packets && now_ < longest_run && point_.rate > 0 &&
           !too_slow()) {
      run_to(now_ + period_);
    }
  }

  /// New packets keep coming, as load for the measured ones.
  bool drain(Cycle end) {
    last_measured_ = end;
    measured_outstanding_ = mesh_.packets_outstanding();
    while (measured_outstanding_ > 0) {
      run_to(now_ + Cycle(100));
      if ((now_ - end).value % shortest_period == 0 && too_slow()) return false;
    }
    return true;
  }

  LoadPoint point_;
  double nodes_;
  Mesh mesh_;
  Creator creator_;
  Cycle period_;
  Cycle now_;
  Cycle last_measured_{std::numeric_limits<std::int64_t>::max()};
  double latency_limit_ = 0;
  double outstanding_created_ = 0;  ///< cycles in which packets under way were created, summed
  std::int64_t measured_outstanding_ = 0;
  std::int64_t created_ = 0;
  Window window_;
  NocArrivals arrivals_;
};

}  // namespace

LoadPoint measure_load(const MeshSettings& mesh, const TrafficSettings& traffic, double rate, std::int64_t flits,
                       std::uint64_t seed) {
  return LoadMeasurement(mesh, traffic, rate, flits, seed).measure();
}

}  // namespace loopsim
