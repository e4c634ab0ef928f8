#include <algorithm>
#include <stdexcept>

#include "sim/noc/Mesh.hpp"

namespace loopsim {

void Mesh::check_injection(const Packet& packet, Cycle ready) const {
  if (ready < now_) throw std::invalid_argument("a packet cannot be ready before the present");
  if (packet.flits < 1 || packet.flits > 1'000'000'000) {
    throw std::invalid_argument("a packet has 1 to 1000000000 flits");
  }
}

const RouteTree* Mesh::tree_of(const Packet& packet) {
  const bool unicast = packet.kind == PacketKind::copy && packet.leaves.size() == 1;
  if (!unicast) return &trees_.find(map_, packet);
  if (packet.root.value >= map_.terminals() || packet.leaves[0].value >= map_.terminals()) {
    throw std::invalid_argument("a packet needs terminals that exist");
  }
  return nullptr;
}

std::uint32_t Mesh::add_packet(const Packet& packet, const RouteTree* tree, Cycle ready) {
  std::uint32_t slot = 0;
  if (free_packets_.empty()) {
    slot = static_cast<std::uint32_t>(packets_.size());
    packets_.emplace_back();
  } else {
    slot = free_packets_.back();
    free_packets_.pop_back();
  }
  PacketRecord record;
  record.created = ready;
  record.tag = packet.tag;
  record.tree = tree;
  record.source = map_.router_of(packet.root);
  record.destination = packet.leaves[0];
  record.flits = static_cast<std::uint32_t>(packet.flits);
  record.tails_left = tree == nullptr ? 1 : tree->deliveries;
  // A copy that fits is never spread over several buffers, so its branches cannot hold each other up (docs/noc.md).
  if (record.tails_left > 1 && record.flits <= depth_) record.room = record.flits;
  packets_[slot] = record;
  ++packets_outstanding_;
  return slot;
}

void Mesh::push(TerminalId terminal, Pending pending) {
  const std::uint32_t place = source_of(terminal);
  Source& source = sources_[place];
  source.pending.push_back(pending);
  std::push_heap(source.pending.begin(), source.pending.end(), Later());
  // Later packets are seen when the source is done with those before them.
  if (source.packet == none && source.pending.front().order == pending.order) {
    source_wakes_.emplace(pending.ready, place);
  }
}

/// At the root of a copy, at each leaf of a sum.
void Mesh::push_at_sources(const Packet& packet, const RouteTree* tree, Pending pending) {
  if (packet.kind == PacketKind::copy) {
    pending.node = tree == nullptr ? none : tree->entry[0];
    push(packet.root, pending);
    return;
  }
  for (std::size_t i = 0; i < packet.leaves.size(); ++i) {
    pending.node = tree->entry[i];
    push(packet.leaves[i], pending);
  }
}

void Mesh::inject(const Packet& packet, Cycle ready) {
  check_injection(packet, ready);
  const RouteTree* const tree = tree_of(packet);
  make_places(packet, tree);
  Pending pending;
  pending.ready = ready;
  pending.tag = packet.tag;
  pending.order = injections_++;
  pending.packet = add_packet(packet, tree, ready);
  ++singles_outstanding_;
  watch_.train = none;
  push_at_sources(packet, tree, pending);
}

void Mesh::inject_train(const Packet& packet, Cycle ready, std::int64_t count, Cycle period, std::int64_t each) {
  check_injection(packet, ready);
  if (count < 1 || period < Cycle(1) || each < 1) {
    throw std::invalid_argument("a train has at least one packet and period 1");
  }
  const RouteTree* const tree = tree_of(packet);
  make_places(packet, tree);
  Pending pending;
  pending.ready = ready;
  pending.tag = packet.tag;
  pending.order = injections_++;
  if (free_trains_.empty()) {
    pending.train = static_cast<std::uint32_t>(trains_.size());
    trains_.emplace_back();
  } else {
    pending.train = free_trains_.back();
    free_trains_.pop_back();
  }
  Train& train = trains_[pending.train];
  train = Train();
  train.packet = packet;
  train.tree = tree;
  train.ready = ready;
  train.period = period;
  train.each = each;
  train.count = count;
  train.result.tag = packet.tag;
  train.done = false;
  watch_.train = none;
  push_at_sources(packet, tree, pending);
}

std::uint32_t Mesh::packet_of(const Pending& pending) {
  if (pending.packet != none) return pending.packet;
  Train& train = trains_[pending.train];
  const auto make = [&](std::int64_t index) {
    const std::uint32_t slot = add_packet(train.packet, train.tree, train.ready + train.offset(index));
    packets_[slot].train = pending.train;
    packets_[slot].index = index;
    ++train.made;
    return slot;
  };
  if (train.packet.kind == PacketKind::copy) return make(pending.index);
  // The shares of one sum leave their sources at different times: the first makes the packet.
  while (train.first_open + static_cast<std::int64_t>(train.open.size()) <= pending.index) {
    train.open.push_back(make(train.first_open + static_cast<std::int64_t>(train.open.size())));
  }
  const std::uint32_t slot = train.open[static_cast<std::size_t>(pending.index - train.first_open)];
  // Sums are completed in order; those before the oldest incomplete one are forgotten now and then.
  const std::int64_t old = train.complete - train.first_open;
  if (old > 64 && old * 2 > static_cast<std::int64_t>(train.open.size())) {
    train.open.erase(train.open.begin(), train.open.begin() + old);
    train.first_open += old;
  }
  return slot;
}

void Mesh::wake_source(std::uint32_t source) {
  if (sources_[source].active) return;
  sources_[source].active = true;
  active_sources_.push_back(source);
}

bool Mesh::start_packet(std::uint32_t index) {
  Source& source = sources_[index];
  if (source.pending.empty()) return false;
  const Pending top = source.pending.front();
  if (now_ < top.ready) {
    source_wakes_.emplace(top.ready, index);
    return false;
  }
  const std::uint32_t slot = packet_of(top);
  const PacketRecord& packet = packets_[slot];
  const std::uint32_t* const credits = &source_credits_[std::size_t{index} * vcs_];
  for (std::uint32_t i = 1; i <= vcs_; ++i) {
    const std::uint32_t vc = (source.vc + i) % vcs_;
    if (credits[vc] < packet.room) continue;
    source.vc = vc;
    source.packet = slot;
    source.node = top.node;
    source.sequence = 0;
    source.history = {};
    source.history.injected = now_;
    std::pop_heap(source.pending.begin(), source.pending.end(), Later());
    source.pending.pop_back();
    ++counters_.packets;
    watch_.look = watch_.look || (top.train != none && singles_outstanding_ == 0 &&
                                  (watch_.train == none || watch_.train == top.train));
    if (top.train == none || top.index + 1 == trains_[top.train].count) return true;
    Pending next = top;
    ++next.index;
    next.packet = none;
    next.ready = trains_[top.train].ready + trains_[top.train].offset(next.index);
    source.pending.push_back(next);
    std::push_heap(source.pending.begin(), source.pending.end(), Later());
    return true;
  }
  // A packet of a train made for this try is kept for the next.
  source.pending.front().packet = slot;
  return false;
}

void Mesh::send_from(std::uint32_t index) {
  Source& source = sources_[index];
  if (source.packet == none && !start_packet(index)) return;
  std::uint32_t& credits = source_credits_[std::size_t{index} * vcs_ + source.vc];
  if (credits == 0) return;
  --credits;
  if (source.sequence > 0) {
    ++source.history.serialization;
    const Cycle waited = now_ - source.flit_ready;
    source.history.credit += static_cast<std::uint32_t>(waited.value);
    source.link.credit += waited.value;
  }
  Flit flit;
  flit.packet = source.packet;
  flit.node = source.node;
  flit.sequence = source.sequence;
  flit.history = source.history;
  flit.history.pipeline += static_cast<std::uint32_t>(delays_.injection().value);
  ring_.at(now_ + delays_.injection()).arrivals.push_back({source.input * vcs_ + source.vc, flit});
  ++source.link.flits;
  ++counters_.flits;
  source.flit_ready = now_ + Cycle(1);
  if (++source.sequence == packets_[source.packet].flits) {
    source.packet = none;
    if (source.pending.empty()) return;
    if (now_ + Cycle(1) < source.pending.front().ready) {
      source_wakes_.emplace(source.pending.front().ready, index);
      return;
    }
  }
  source.active = true;
  next_sources_.push_back(index);
}

}  // namespace loopsim
