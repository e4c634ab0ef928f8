#include "sim/noc/FixedTraffic.hpp"

#include <algorithm>

namespace loopsim {

namespace {

/// The packets of one round, in the order in which a source sends them.
std::vector<Packet> round_of(FixedTraffic traffic, std::int64_t nodes, TerminalId from, TerminalId to,
                             std::int64_t flits) {
  std::vector<TerminalId> all;
  for (std::int64_t node = 0; node < nodes; ++node) all.emplace_back(static_cast<std::size_t>(node));
  std::vector<Packet> round;
  const auto add = [&](PacketKind kind, TerminalId root, std::vector<TerminalId> leaves) {
    round.push_back({kind, root, std::move(leaves), flits, PacketTag(static_cast<std::int64_t>(round.size()))});
  };
  switch (traffic) {
    case FixedTraffic::stream:
      add(PacketKind::copy, from, {to});
      break;
    case FixedTraffic::gather:
      for (const TerminalId node : all) add(PacketKind::copy, node, {to});
      break;
    case FixedTraffic::scatter:
      for (const TerminalId node : all) add(PacketKind::copy, from, {node});
      break;
    case FixedTraffic::multicast:
      add(PacketKind::copy, from, all);
      break;
    case FixedTraffic::reduce:
      add(PacketKind::sum, to, all);
      break;
    case FixedTraffic::allgather:
      for (const TerminalId node : all) add(PacketKind::copy, node, all);
      break;
  }
  return round;
}

}  // namespace

FixedTrafficResult run_fixed_traffic(Interconnect& network, FixedTraffic traffic, std::int64_t nodes, TerminalId from,
                                     TerminalId to, std::int64_t packets, std::int64_t flits) {
  // One packet a cycle at the most: as good as all at once, since a source sends one flit a cycle. A scatter's turns
  // are a cycle each.
  std::vector<Packet> round = round_of(traffic, nodes, from, to, flits);
  const std::int64_t turns = traffic == FixedTraffic::scatter ? static_cast<std::int64_t>(round.size()) : 1;
  for (std::size_t i = 0; i < round.size(); ++i) {
    network.inject_train(round[i], Cycle(turns == 1 ? 0 : static_cast<std::int64_t>(i)), packets, Cycle(turns));
  }
  NocArrivals arrivals;
  Cycle last, at;
  while (const auto next = network.next_event()) {
    at = std::max(*next, at);
    network.advance(at, arrivals);
    for (const TrainCompletion& train : arrivals.trains) last = std::max(last, train.last);
    arrivals.clear();
  }
  return {last.value + 1, network.counters().flit_hops};
}

}  // namespace loopsim
