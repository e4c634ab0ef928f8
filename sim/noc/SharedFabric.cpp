#include "sim/noc/SharedFabric.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

#include "base/CheckedMath.hpp"

namespace loopsim {

SharedFabric::SharedFabric(Kind kind, const SharedFabricSettings& settings)
    : kind_(kind), settings_(settings), one_(1) {
  if (settings.terminals < 1 || settings.width < 1) throw std::invalid_argument("a fabric needs terminals and a width");
  if (settings.arbitration < Cycle(0) || settings.wire < Cycle(1)) {
    throw std::invalid_argument("arbitration takes 0 cycles or more, a wire at least 1");
  }
  const std::size_t wires = kind == Kind::bus ? 1 : static_cast<std::size_t>(2 * settings.terminals);
  free_at_.resize(wires);
  links_.resize(wires);
}

std::string SharedFabric::link_name(LinkId link) const {
  if (kind_ == Kind::bus) return "bus";
  const auto terminals = static_cast<std::uint32_t>(settings_.terminals);
  return link.value < terminals ? fmt::format("terminal {} in", link.value)
                                : fmt::format("terminal {} out", link.value - terminals);
}

void SharedFabric::check(const Packet& packet, Cycle ready) const {
  if (ready < now_) throw std::invalid_argument("a packet cannot be ready before the present");
  if (packet.flits < 1) throw std::invalid_argument("a packet has at least one flit");
  std::vector<TerminalId> ends = packet.leaves;
  std::sort(ends.begin(), ends.end());
  if (ends.empty() || packet.root.value >= settings_.terminals || ends.back().value >= settings_.terminals) {
    throw std::invalid_argument("a packet needs terminals that exist");
  }
  if (std::adjacent_find(ends.begin(), ends.end()) != ends.end()) {
    throw std::invalid_argument("a packet lists a terminal twice");
  }
}

void SharedFabric::inject_train(const Packet& packet, Cycle ready, std::int64_t count, Cycle period, bool single) {
  check(packet, ready);
  if (count < 1 || period < Cycle(1)) throw std::invalid_argument("a train has at least one packet and period 1");
  std::uint32_t index = 0;
  if (free_trains_.empty()) {
    index = static_cast<std::uint32_t>(trains_.size());
    trains_.emplace_back();
  } else {
    index = free_trains_.back();
    free_trains_.pop_back();
  }
  Train& train = trains_[index];
  train = Train();
  train.packet = packet;
  train.ready = ready;
  train.period = period;
  train.count = count;
  train.single = single;
  train.order = injections_++;
  train.result.tag = packet.tag;
  due_.push({ready, packet.tag, train.order, index});
}

void SharedFabric::wires_of(TerminalId source, const std::vector<TerminalId>& destinations) {
  wires_.clear();
  if (kind_ == Kind::bus) {
    wires_.push_back(0);
    return;
  }
  wires_.push_back(source.value);
  const auto terminals = static_cast<std::uint32_t>(settings_.terminals);
  for (const TerminalId destination : destinations) wires_.push_back(terminals + destination.value);
}

void SharedFabric::transfer(Train& train, std::uint32_t index, std::int64_t count) {
  const Packet& packet = train.packet;
  const bool sum = packet.kind == PacketKind::sum;
  const std::int64_t shares = sum ? static_cast<std::int64_t>(packet.leaves.size()) : 1;
  const std::int64_t copies = sum ? 1 : static_cast<std::int64_t>(packet.leaves.size());
  const Cycle length(ceil_divide(packet.flits, settings_.width));
  const Cycle ready = train.ready + train.period * train.sent;
  Cycle begin, end;
  for (std::int64_t share = 0; share < shares; ++share) {
    one_[0] = packet.root;
    if (sum) {
      wires_of(packet.leaves[static_cast<std::size_t>(share)], one_);
    } else {
      wires_of(packet.root, packet.leaves);
    }
    const Cycle earliest = ready + settings_.arbitration;
    begin = earliest;
    for (const std::uint32_t wire : wires_) begin = std::max(begin, free_at_[wire]);
    for (const std::uint32_t wire : wires_) {
      LinkCounters& link = links_[wire];
      // Of several packets the i-th begins at begin + i * step and was ready at earliest + i * period.
      const Cycle step = std::max(train.period, length);
      link.flits += packet.flits * count;
      link.arbitration += ((begin - earliest) * count + (step - train.period) * (count * (count - 1) / 2)).value;
      free_at_[wire] = begin + step * (count - 1) + length;
    }
    end = begin + length + settings_.wire - Cycle(1);
  }
  // With more packets than one, the wires were alike before and after each of them: see `undisturbed`.
  const Cycle step = std::max(train.period, length);
  const Cycle growth = step - train.period, latency = end - ready;
  const Cycle last_latency = latency + growth * (count - 1), last_end = end + step * (count - 1);
  const Cycle all_latency = latency * count + growth * (count * (count - 1) / 2);
  counters_.packets += shares * count;
  counters_.flits += shares * packet.flits * count;
  counters_.deliveries += copies * count;
  counters_.flits_ejected += (sum ? shares : copies) * packet.flits * count;
  counters_.flit_hops += shares * packet.flits * count;
  counters_.router_visits += copies * count;
  counters_.latency += all_latency * copies;
  counters_.max_latency = std::max(counters_.max_latency, last_latency);
  Breakdown parts;
  parts.pipeline = (settings_.arbitration + settings_.wire) * count;
  parts.serialization = (length - Cycle(1)) * count;
  parts.arbitration = all_latency - parts.pipeline - parts.serialization;
  const LinkId lost_on(wires_.back());
  if (train.single) {
    for (const TerminalId leaf : packet.leaves) {
      const TerminalId destination = sum ? packet.root : leaf;
      arrivals_.push({end, arrivals_made_++, {packet.tag, destination, ready, end, parts, lost_on, 1}, none});
      if (sum) break;
    }
  } else {
    TrainCompletion& result = train.result;
    const Cycle start = end - train.period * train.sent;
    const Cycle late = start + growth * (count - 1);
    if (train.sent == 0) {
      result.first = end;
      result.latest_start = late;
    }
    result.latest_start = std::max(result.latest_start, late);
    result.last = last_end;
    result.deliveries += copies * count;
    for (std::int64_t i = 0; i < copies; ++i) result.breakdown += parts;
  }
  train.sent += count;
  if (train.sent < train.count) {
    due_.push({train.ready + train.period * train.sent, packet.tag, train.order, index});
  } else if (train.single) {
    free_trains_.push_back(index);
  } else {
    arrivals_.push({train.result.last, arrivals_made_++, {}, index});
  }
}

/// How many packets of a train can be sent in one go: those ready before `before` while no other is, if each finds its
/// wires as the one before it did.
std::int64_t SharedFabric::undisturbed(const Train& train, Cycle before) {
  const Packet& packet = train.packet;
  if (packet.kind == PacketKind::sum) return 1;
  const Cycle ready = train.ready + train.period * train.sent;
  if (Cycle(ceil_divide(packet.flits, settings_.width)) < train.period) {
    // One that waits is followed by one that waits less.
    wires_of(packet.root, packet.leaves);
    for (const std::uint32_t wire : wires_) {
      if (ready + settings_.arbitration < free_at_[wire]) return 1;
    }
  }
  const Cycle end = due_.empty() ? before : std::min(before, due_.top().ready);
  const std::int64_t packets = end <= ready ? 1 : ceil_divide((end - ready).value, train.period.value);
  return std::min(packets, train.count - train.sent);
}

void SharedFabric::arrive(Cycle upto, NocArrivals& arrivals) {
  while (!arrivals_.empty() && arrivals_.top().at <= upto) {
    const Arrival& arrival = arrivals_.top();
    if (arrival.train == none) {
      arrivals.deliveries.push_back(arrival.delivery);
    } else {
      arrivals.trains.push_back(trains_[arrival.train].result);
      free_trains_.push_back(arrival.train);
    }
    arrivals_.pop();
  }
}

void SharedFabric::advance(Cycle to, NocArrivals& arrivals) {
  while (!due_.empty() && due_.top().ready < to) {
    const Due due = due_.top();
    due_.pop();
    Train& train = trains_[due.train];
    transfer(train, due.train, undisturbed(train, to));
  }
  now_ = std::max(now_, to);
  arrive(now_, arrivals);
}

std::optional<Cycle> SharedFabric::next_event() const {
  std::optional<Cycle> next;
  if (!arrivals_.empty()) next = arrivals_.top().at;
  for (const Train& train : trains_) {
    if (train.sent == train.count) continue;
    // A train is reported when its last packet has arrived.
    const std::int64_t awaited = train.single ? train.sent : train.count - 1;
    const Cycle length(ceil_divide(train.packet.flits, settings_.width));
    const Cycle soonest =
        train.ready + train.period * awaited + settings_.arbitration + length + settings_.wire - Cycle(1);
    if (!next || soonest < *next) next = soonest;
  }
  return next;
}

}  // namespace loopsim
