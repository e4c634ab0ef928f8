#include <algorithm>

#include "sim/noc/Mesh.hpp"

// Trains of equal packets soon repeat themselves. Whenever a packet of one of them starts, the whole state of the
// network is written down with times relative to the present and packets relative to their trains' progress. A network
// in the same state does the same again, so once a state equals an earlier one, as many periods as fit are skipped:
// counters grow by what one period adds. Nothing else is on the way then, and every skip ends before a train does.
//
// A source that falls behind is in the same state as before although its packets have waited longer: their latency
// grows by as much in every period (the drift).

namespace loopsim {

namespace {

constexpr std::int64_t most_looks = 512;  ///< then the trains are taken not to repeat

}  // namespace

bool Mesh::choose_watched() {
  for (std::uint32_t i = 0; i < trains_.size(); ++i) {
    if (trains_[i].done || trains_[i].made == trains_[i].count) continue;
    watch_.train = i;
    return true;
  }
  return false;
}

void Mesh::restart_watch() {
  watch_.looks = 0;
  watch_.save_at = 1;
  watch_.saved.clear();
  for (const std::uint32_t router : watch_.routers) watch_.touched[router] = false;
  watch_.routers.clear();
  // Routers that hold anything count as touched; the others stay as they are until they are woken.
  for (std::uint32_t input_vc = 0; input_vc < input_vcs_.size(); ++input_vc) {
    const std::uint32_t router = input_vc / router_vcs_;
    const bool holds = input_vcs_[input_vc].state != VcState::empty || router_active_[router] ||
                       output_vcs_[input_vc].owner != none || output_vcs_[input_vc].credits != depth_;
    if (!holds || watch_.touched[router]) continue;
    watch_.touched[router] = true;
    watch_.routers.push_back(router);
  }
}

void Mesh::write_history(const FlitHistory& h, std::vector<std::int64_t>& state) const {
  state.insert(state.end(), {(h.injected - now_).value, h.pipeline, h.serialization, h.vc, h.arbitration, h.credit,
                             h.routers, h.longest_loss, h.lost_on.value});
}

void Mesh::write_packet(std::uint32_t slot, std::vector<std::int64_t>& state) const {
  const PacketRecord& packet = packets_[slot];
  state.insert(state.end(), {packet.train, trains_[packet.train].made - packet.index, packet.tails_left});
}

void Mesh::write_join(const Join& join, std::vector<std::int64_t>& state) const {
  write_packet(join.packet, state);
  state.insert(state.end(), {join.node, join.leader});
  for (const Join::Share& share : join.aside) state.insert(state.end(), {share.input_vc, share.flits});
}

void Mesh::write_router(std::uint32_t router, std::vector<std::int64_t>& state) const {
  state.push_back(router);
  for (const std::uint32_t join : open_joins_[router]) write_join(joins_[join], state);
  for (std::uint32_t port = router * radix_; port < (router + 1) * radix_; ++port) {
    const Output& output = outputs_[port];
    state.insert(state.end(), {static_cast<std::int64_t>(output.free_vcs), static_cast<std::int64_t>(output.vc_inputs),
                               static_cast<std::int64_t>(output.switch_inputs), output.switch_pointer,
                               output.vc_hopeless, input_ports_[port].switch_pointer, input_ports_[port].vc_pointer});
    for (std::uint32_t vc = port * vcs_; vc < (port + 1) * vcs_; ++vc) {
      const OutputVc& out = output_vcs_[vc];
      state.insert(state.end(), {out.credits, out.owner, out.pointer_port, out.pointer_vc, accept_pointers_[vc].output,
                                 accept_pointers_[vc].vc});
      const InputVc& in = input_vcs_[vc];
      state.insert(state.end(), {in.count, static_cast<std::int64_t>(in.state), static_cast<std::int64_t>(in.outputs)});
      for (std::uint32_t place = 0; place < in.count; ++place) {
        const Flit& flit = flit_at(vc, place);
        write_packet(flit.packet, state);
        state.insert(state.end(), {flit.node, flit.sequence, (flit.arrived - now_).value});
        write_history(flit.history, state);
      }
      if (in.join != none) {
        write_join(joins_[in.join], state);
      }
      for (BitSet left = in.outputs; left != 0; left &= left - 1) {
        const Branch& branch = branch_at(branch_index(vc, lowest(left)));
        const bool timed = branch.state != BranchState::starved;
        state.insert(state.end(), {static_cast<std::int64_t>(branch.state), branch.vc, branch.sequence, branch.node,
                                   timed ? (branch.since - now_).value : 0});
        write_history(branch.history, state);
      }
    }
  }
}

void Mesh::write_source(std::uint32_t index, std::vector<std::int64_t>& state) const {
  const Source& source = sources_[index];
  state.insert(state.end(), {index, source.vc, source.active, source.packet != none});
  if (source.packet != none) {
    write_packet(source.packet, state);
    state.insert(state.end(), {source.node, source.sequence, (source.flit_ready - now_).value});
    write_history(source.history, state);
  }
  for (std::uint32_t vc = 0; vc < vcs_; ++vc) state.push_back(source_credits_[std::size_t{index} * vcs_ + vc]);
  for (const Pending& pending : source.pending) {
    // How long it has been due does not matter, only that it is.
    state.insert(state.end(), {pending.train, trains_[pending.train].made - pending.index, pending.node,
                               pending.packet != none, std::max<std::int64_t>(0, (pending.ready - now_).value)});
  }
}

void Mesh::write_state(std::vector<std::int64_t>& state) const {
  state.clear();
  for (const std::uint32_t router : watch_.routers) write_router(router, state);
  for (const Train& train : trains_) {
    state.push_back(train.done);
    if (train.done) continue;
    state.push_back(train.made - train.complete);
    // Where its next packet lies between cycles.
    state.push_back(train.made % train.each * (train.period.value % train.each) % train.each);
  }
  for (std::uint32_t source = 0; source < sources_.size(); ++source) write_source(source, state);
  const auto write_list = [&state](const std::vector<std::uint32_t>& list) {
    state.push_back(static_cast<std::int64_t>(list.size()));
    state.insert(state.end(), list.begin(), list.end());
  };
  write_list(next_routers_);
  write_list(next_sources_);
  for (std::int64_t ahead = 0; ahead < ring_.size(); ++ahead) {
    const RingSlot& slot = ring_.at(now_ + Cycle(ahead));
    if (slot.empty()) continue;
    state.push_back(-ahead - 1);
    for (const RingSlot::Tail& tail : slot.tails) {
      write_packet(tail.packet, state);
      state.push_back(tail.terminal.value);
      write_history(tail.history, state);
    }
    for (const RingSlot::Arrival& arrival : slot.arrivals) {
      write_packet(arrival.flit.packet, state);
      state.insert(state.end(), {arrival.input_vc, arrival.flit.node, arrival.flit.sequence});
      write_history(arrival.flit.history, state);
    }
    write_list(slot.credits);
    write_list(slot.source_credits);
    write_list(slot.routed);
    write_list(slot.allocated);
  }
}

void Mesh::save_state() {
  std::swap(watch_.saved, watch_.state);
  watch_.at = now_;
  watch_.counters = counters_;
  watch_.links = links_;
  watch_.source_links.clear();
  for (const Source& source : sources_) watch_.source_links.push_back(source.link);
  watch_.progress.resize(trains_.size());
  for (std::size_t i = 0; i < trains_.size(); ++i) {
    watch_.progress[i] = {trains_[i].made, trains_[i].complete, trains_[i].result};
  }
}

/// By how much longer the packets of a train wait in every period.
Cycle Mesh::drift_of(std::uint32_t train) const {
  return now_ - watch_.at - trains_[train].offset(trains_[train].made - watch_.progress[train].made);
}

/// How many periods like the last can be skipped, so that no train ends and `to` is not passed.
std::int64_t Mesh::periods_ahead(Cycle to) const {
  const std::int64_t period = (now_ - watch_.at).value;
  std::int64_t periods = (to - now_).value / period;
  for (const PacketRecord& packet : packets_) {
    if (packet.tails_left > 0 && packet.index == 0) return 0;  // the first packet's arrival is still to be noted
  }
  for (const Source& source : sources_) {
    for (const Pending& pending : source.pending) {
      const Train& train = trains_[pending.train];
      const auto& before = watch_.progress[pending.train];
      const std::int64_t made = train.made - before.made, complete = train.complete - before.complete;
      const Cycle drift = drift_of(pending.train);
      if (made == 0 || made != complete) return 0;
      // One that catches up will not be due at some time; several at one source must not change their order.
      if (drift < Cycle(0) || drift != drift_of(source.pending.front().train)) return 0;
      if (drift > Cycle(0) && train.result.latest_start - before.result.latest_start != drift) return 0;
      periods = std::min(periods, (train.count - 1 - pending.index) / made);
    }
  }
  for (std::uint32_t i = 0; i < trains_.size(); ++i) {
    if (trains_[i].done || trains_[i].made < trains_[i].count) continue;
    return 0;  // a train's last packets are on the way
  }
  // The ring of events keeps its place in time if whole rounds are skipped.
  std::int64_t step = 1;
  while (step * period % ring_.size() != 0) step *= 2;
  return periods / step * step;
}

void Mesh::shift_times(Cycle by) {
  for (const std::uint32_t router : watch_.routers) {
    for (std::uint32_t vc = router * router_vcs_; vc < (router + 1) * router_vcs_; ++vc) {
      for (std::uint32_t place = 0; place < input_vcs_[vc].count; ++place) {
        flit_at(vc, place).arrived += by;
        flit_at(vc, place).history.injected += by;
      }
      for (BitSet left = input_vcs_[vc].outputs; left != 0; left &= left - 1) {
        Branch& branch = branch_at(branch_index(vc, lowest(left)));
        branch.since += by;
        branch.history.injected += by;
      }
    }
  }
  for (std::int64_t ahead = 0; ahead < ring_.size(); ++ahead) {
    RingSlot& slot = ring_.at(now_ + Cycle(ahead));
    for (RingSlot::Tail& tail : slot.tails) tail.history.injected += by;
    for (RingSlot::Arrival& arrival : slot.arrivals) arrival.flit.history.injected += by;
  }
  for (Source& source : sources_) {
    source.flit_ready += by;
    source.history.injected += by;
  }
  std::vector<SourceWake> wakes;
  for (; !source_wakes_.empty(); source_wakes_.pop()) wakes.push_back(source_wakes_.top());
  for (const auto& [cycle, source] : wakes) source_wakes_.emplace(cycle + by, source);
}

void Mesh::skip_periods(std::int64_t periods) {
  const Cycle by = (now_ - watch_.at) * periods;
  shift_times(by);
  const std::int64_t growing = periods * (periods + 1) / 2;  // 1 + 2 + … : the periods' parts of a growing wait
  Cycle waited;
  std::vector<std::int64_t> advanced(trains_.size());
  for (std::uint32_t i = 0; i < trains_.size(); ++i) {
    Train& train = trains_[i];
    if (train.done) continue;
    const auto& before = watch_.progress[i];
    const std::int64_t packets = advanced[i] = (train.made - before.made) * periods;
    const std::int64_t deliveries = train.result.deliveries - before.result.deliveries;
    const Cycle drift = drift_of(i);
    const auto grow = [periods](Cycle& now, Cycle then) { now += (now - then) * periods; };
    Breakdown& parts = train.result.breakdown;
    const Breakdown& old = before.result.breakdown;
    grow(parts.queue, old.queue);
    grow(parts.pipeline, old.pipeline);
    grow(parts.serialization, old.serialization);
    grow(parts.vc, old.vc);
    grow(parts.arbitration, old.arbitration);
    grow(parts.credit, old.credit);
    parts.queue += drift * (deliveries * growing);
    waited += drift * (deliveries * growing);
    train.result.latest_start += drift * periods;
    counters_.max_latency = std::max(counters_.max_latency, train.result.latest_start - train.ready);
    train.result.deliveries += deliveries * periods;
    train.made += packets;
    train.complete += packets;
    train.first_open += packets;
  }
  for (PacketRecord& packet : packets_) {
    if (packet.tails_left == 0) continue;
    packet.index += advanced[packet.train];
    packet.created += trains_[packet.train].offset(advanced[packet.train]);
  }
  for (Source& source : sources_) {
    for (Pending& pending : source.pending) {
      pending.index += advanced[pending.train];
      pending.ready += trains_[pending.train].offset(advanced[pending.train]);
    }
  }
  const auto grow = [periods](auto& now, const auto& then) { now += (now - then) * periods; };
  grow(counters_.packets, watch_.counters.packets);
  grow(counters_.flits, watch_.counters.flits);
  grow(counters_.deliveries, watch_.counters.deliveries);
  grow(counters_.flits_ejected, watch_.counters.flits_ejected);
  grow(counters_.flit_hops, watch_.counters.flit_hops);
  grow(counters_.router_visits, watch_.counters.router_visits);
  grow(counters_.latency, watch_.counters.latency);
  counters_.latency += waited;
  const auto grow_link = [&](LinkCounters& now, const LinkCounters& then) {
    grow(now.flits, then.flits);
    grow(now.arbitration, then.arbitration);
    grow(now.credit, then.credit);
    grow(now.vc, then.vc);
  };
  for (std::size_t i = 0; i < links_.size(); ++i) grow_link(links_[i], watch_.links[i]);
  for (std::size_t i = 0; i < sources_.size(); ++i) grow_link(sources_[i].link, watch_.source_links[i]);
  now_ += by;
}

void Mesh::watch_trains(Cycle to) {
  watch_.look = false;
  if (singles_outstanding_ > 0) return;
  if (watch_.train == none || trains_[watch_.train].made == trains_[watch_.train].count) {
    if (!choose_watched()) return;
    restart_watch();
  }
  if (++watch_.looks > most_looks) return;
  // Equal states have the same of these; comparing them first saves writing most states down.
  const TrainWatch::Signature signature = {static_cast<std::size_t>(packets_outstanding_), watch_.routers.size(),
                                           next_routers_.size()};
  if (watch_.looks < watch_.save_at && signature != watch_.signature) return;
  write_state(watch_.state);
  if (watch_.state == watch_.saved) {
    const std::int64_t periods = periods_ahead(to);
    if (periods <= 0) return;
    skip_periods(periods);
    watch_.looks = 0;
    watch_.save_at = 1;
    watch_.signature = signature;
    save_state();
    return;
  }
  if (watch_.looks < watch_.save_at) return;
  watch_.save_at *= 2;
  watch_.signature = signature;
  save_state();
}

}  // namespace loopsim
