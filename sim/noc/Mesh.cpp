#include "sim/noc/Mesh.hpp"

#include <algorithm>

namespace loopsim {

namespace {

Cycle ring_horizon(const RouterDelays& d) {
  // The longest: a flit granted to a terminal whose credit comes back from there.
  return d.hop() + d.injection() + d.credit + Cycle(1);
}

/// A class has as many channels as the others, or one more.
std::vector<BitSet> channels_by_class(std::uint32_t classes, std::uint32_t vcs) {
  std::vector<BitSet> channels(classes + 1);
  for (std::uint32_t vc = 0; vc < vcs; ++vc) channels[vc * classes / vcs] |= bit(vc);
  channels[classes] = first_bits(vcs);
  return channels;
}

}  // namespace

Mesh::Mesh(const MeshSettings& settings)
    : map_(settings),
      delays_(settings.delays),
      radix_(map_.radix()),
      vcs_(static_cast<std::uint32_t>(settings.vcs)),
      router_vcs_(radix_ * vcs_),
      depth_(static_cast<std::uint32_t>(settings.buffer)),
      one_class_(map_.channel_classes() == 1),
      channels_of_class_(channels_by_class(map_.channel_classes(), vcs_)),
      ring_(ring_horizon(delays_)) {}

std::optional<Cycle> Mesh::next_work() const {
  if (!next_routers_.empty() || !next_sources_.empty()) return now_ + Cycle(1);
  std::optional<Cycle> next = ring_.next_after(now_);
  if (!source_wakes_.empty() && (!next || source_wakes_.top().first < *next)) {
    next = std::max(source_wakes_.top().first, now_ + Cycle(1));
  }
  return next;
}

void Mesh::advance(Cycle to, NocArrivals& arrivals) {
  arrivals_ = &arrivals;
  while (true) {
    if (!delivered_) deliver();
    delivered_ = true;
    if (to <= now_) return;
    if (watch_.look) watch_trains(to);
    if (to <= now_) return;
    work();
    const std::optional<Cycle> next = next_work();
    if (!next && (singles_outstanding_ > 0 || free_trains_.size() < trains_.size())) report_deadlock();
    now_ = next ? std::min(*next, to) : to;
    delivered_ = false;
  }
}

std::optional<Cycle> Mesh::next_event() const {
  // What a tail has still to go through before it arrives, at the least.
  const Cycle from_router = delays_.grant_to_arrival();
  std::optional<Cycle> next;
  const auto consider = [&next](Cycle cycle) {
    if (!next || cycle < *next) next = cycle;
  };
  if (singles_outstanding_ == 0) {
    // Only trains, which are reported when complete: not before their last packet can be through.
    for (const Train& train : trains_) {
      if (train.done) continue;
      const Cycle last_ready = train.ready + train.offset(train.count - 1);
      // A source sends one flit a cycle, so those still to start need their time.
      const std::int64_t before_last = std::max<std::int64_t>(0, train.count - train.made - 1);
      const Cycle last_start = std::max(last_ready, now_ + Cycle(train.packet.flits) * before_last);
      consider(
          std::max(now_ + Cycle(1), last_start + delays_.injection() + delays_.hop() + Cycle(train.packet.flits - 1)));
    }
    return next;
  }
  if (!next_routers_.empty() || !active_routers_.empty()) consider(now_ + from_router);
  if (!next_sources_.empty()) consider(now_ + delays_.injection() + delays_.hop());
  if (!delivered_ && !ring_.at(now_).empty()) consider(now_);
  for (std::int64_t ahead = delivered_ ? 0 : 1; ahead < ring_.size(); ++ahead) {
    const Cycle cycle = now_ + Cycle(ahead);
    const RingSlot& slot = ring_.at(cycle);
    if (!slot.tails.empty()) {
      consider(cycle);
      break;
    }
    if (!slot.empty()) consider(cycle + from_router);
  }
  if (!source_wakes_.empty()) {
    consider(std::max(source_wakes_.top().first, now_) + delays_.injection() + delays_.hop());
  }
  return next;
}

std::vector<std::pair<PacketTag, std::int64_t>> Mesh::packets_complete() const {
  std::vector<std::pair<PacketTag, std::int64_t>> complete;
  for (const Train& train : trains_) {
    if (!train.done) complete.emplace_back(train.packet.tag, train.complete);
  }
  return complete;
}

void Mesh::deliver() {
  RingSlot& slot = ring_.at(now_);
  for (const RingSlot::Tail& tail : slot.tails) {
    PacketRecord& packet = packets_[tail.packet];
    const Breakdown breakdown = breakdown_of(tail.history, packet.created);
    const Cycle latency = now_ - packet.created;
    ++counters_.deliveries;
    counters_.latency += latency;
    counters_.max_latency = std::max(counters_.max_latency, latency);
    counters_.router_visits += tail.history.routers;
    const bool last = --packet.tails_left == 0;
    if (packet.train == none) {
      const LinkId lost_on = breakdown.arbitration > Cycle(0) ? link_of(tail.history.lost_on.value) : LinkId();
      arrivals_->deliveries.push_back(
          {packet.tag, tail.terminal, packet.created, now_, breakdown, lost_on, std::int64_t{tail.history.routers}});
      if (last) --singles_outstanding_;
    } else {
      Train& train = trains_[packet.train];
      const Cycle start = now_ - train.offset(packet.index);
      TrainCompletion& result = train.result;
      if (result.deliveries == 0) result.latest_start = start;
      result.latest_start = std::max(result.latest_start, start);
      ++result.deliveries;
      result.breakdown += breakdown;
      result.last = now_;
      if (last && packet.index == 0) result.first = now_;
      if (last && ++train.complete == train.count) complete_train(train);
    }
    if (last) {
      free_packets_.push_back(tail.packet);
      --packets_outstanding_;
    }
  }
  slot.tails.clear();
}

void Mesh::complete_train(Train& train) {
  arrivals_->trains.push_back(train.result);
  train.done = true;
  watch_.train = none;
  free_trains_.push_back(static_cast<std::uint32_t>(&train - trains_.data()));
}

void Mesh::wake(std::uint32_t router) {
  if (router_active_[router]) return;
  router_active_[router] = true;
  if (!watch_.touched[router]) {
    watch_.touched[router] = true;
    watch_.routers.push_back(router);
  }
  active_routers_.push_back(router);
}

void Mesh::work() {
  active_routers_.swap(next_routers_);
  active_sources_.swap(next_sources_);
  RingSlot& slot = ring_.at(now_);
  for (const std::uint32_t output_vc : slot.credits) add_credit(output_vc);
  for (const std::uint32_t source_vc : slot.source_credits) {
    ++source_credits_[source_vc];
    wake_source(source_vc / vcs_);
  }
  for (const std::uint32_t input_vc : slot.routed) route_front(input_vc);
  for (const RingSlot::Arrival& arrival : slot.arrivals) arrive(arrival.input_vc, arrival.flit);
  for (const std::uint32_t branch : slot.allocated) request_switch(branch);
  slot.clear();

  while (!source_wakes_.empty() && source_wakes_.top().first <= now_) {
    wake_source(source_wakes_.top().second);
    source_wakes_.pop();
  }
  for (const std::uint32_t source : active_sources_) {
    sources_[source].active = false;
    send_from(source);
  }
  active_sources_.clear();

  for (const std::uint32_t router : active_routers_) {
    BitSet busy = busy_outputs_[router];
    for (BitSet left = busy; left != 0; left &= left - 1) allocate_vcs(router, lowest(left));
    allocate_switch(router);
    bool more = false;
    busy = 0;
    for (BitSet left = busy_outputs_[router]; left != 0; left &= left - 1) {
      const Output& output = outputs_[router * radix_ + lowest(left)];
      if ((output.vc_inputs | output.switch_inputs) != 0) busy |= bit(lowest(left));
      more |= output.switch_inputs != 0 || (output.vc_inputs != 0 && output.free_vcs != 0 && !output.vc_hopeless);
    }
    busy_outputs_[router] = busy;
    router_active_[router] = more;
    if (more) next_routers_.push_back(router);
  }
  active_routers_.clear();
}

void Mesh::arrive(std::uint32_t input_vc, const Flit& flit) {
  InputVc& vc = input_vcs_[input_vc];
  if (vc.count == vc.flits.size()) {
    std::rotate(vc.flits.begin(), vc.flits.begin() + vc.front, vc.flits.end());
    vc.front = 0;
    vc.flits.resize(std::min<std::size_t>(depth_, vc.flits.size() * 2 + 1));
  }
  Flit& stored = flit_at(input_vc, vc.count++);
  stored = flit;
  stored.arrived = now_;
  if (vc.state == VcState::empty) {
    vc.state = VcState::opening;
    if (delays_.routing == Cycle(0)) {
      route_front(input_vc);
    } else {
      ring_.at(now_ + delays_.routing).routed.push_back(input_vc);
    }
    return;
  }
  if (vc.state != VcState::open || flit.packet != flit_at(input_vc, 0).packet) return;
  // Branches that have sent all there was may go on.
  std::uint32_t sender = input_vc;
  if (vc.join != none) {
    sender = joins_[vc.join].leader;
    if (sender != input_vc) put_aside(input_vc);
    if (sender == none || !has_flit(sender, flit.sequence)) return;
  }
  for (BitSet left = input_vcs_[sender].outputs; left != 0; left &= left - 1) {
    const std::uint32_t index = branch_index(sender, lowest(left));
    Branch& branch = branch_at(index);
    if (branch.state != BranchState::starved || branch.sequence != flit.sequence) continue;
    branch.since = now_;
    branch.history = flit.history;
    request_switch(index);
  }
}

void Mesh::add_credit(std::uint32_t output_vc) {
  OutputVc& vc = output_vcs_[output_vc];
  ++vc.credits;
  const std::uint32_t router_output = output_vc / vcs_, router = router_output / radix_;
  Output& output = outputs_[router_output];
  if (output.vc_hopeless) {
    output.vc_hopeless = false;
    wake(router);
  }
  if (vc.owner == none) return;
  const std::uint32_t index = branch_index(vc.owner, router_output % radix_);
  Branch& branch = branch_at(index);
  if (branch.state != BranchState::wants_credit) return;
  const std::int64_t waited = (now_ - branch.since).value;
  branch.history.credit += static_cast<std::uint32_t>(waited);
  links_[router_output].credit += waited;
  branch.since = now_;
  request_switch(index);
}

void Mesh::route_front(std::uint32_t input_vc) {
  InputVc& vc = input_vcs_[input_vc];
  Flit& head = flit_at(input_vc, 0);
  vc.state = VcState::open;
  const Cycle behind_others = now_ - delays_.routing - head.arrived;
  head.history.vc += static_cast<std::uint32_t>(behind_others.value);
  head.history.pipeline += static_cast<std::uint32_t>(delays_.routing.value);
  const RouteTree* const tree = packets_[head.packet].tree;
  if (tree != nullptr && tree->nodes[head.node].inputs > 1) {
    join_shares(input_vc);
  } else {
    open_outputs(input_vc);
  }
}

void Mesh::join_shares(std::uint32_t input_vc) {
  const Flit& head = flit_at(input_vc, 0);
  auto& open = open_joins_[input_vc / router_vcs_];
  const auto known =
      std::find_if(open.begin(), open.end(), [&](std::uint32_t join) { return joins_[join].packet == head.packet; });
  std::uint32_t index = none;
  if (known != open.end()) {
    index = *known;
  } else if (!free_joins_.empty()) {
    index = free_joins_.back();
    free_joins_.pop_back();
    open.push_back(index);
  } else {
    index = static_cast<std::uint32_t>(joins_.size());
    joins_.emplace_back();
    open.push_back(index);
  }
  Join& join = joins_[index];
  join.packet = head.packet;
  join.node = head.node;
  input_vcs_[input_vc].join = index;
  if (join.aside.size() + 1 < packets_[head.packet].tree->nodes[head.node].inputs) {
    join.aside.push_back({input_vc, 0});
    put_aside(input_vc);
    return;
  }
  join.leader = input_vc;
  open.erase(std::find(open.begin(), open.end(), index));
  open_outputs(input_vc);
}

/// What has come of a share goes to the adder.
void Mesh::put_aside(std::uint32_t input_vc) {
  const InputVc& vc = input_vcs_[input_vc];
  const std::uint32_t index = vc.join;
  for (Join::Share& share : joins_[index].aside) {
    if (share.input_vc != input_vc || share.flits == packets_[joins_[index].packet].flits) continue;
    while (vc.join == index && vc.count > 0) {
      ++share.flits;
      pop(input_vc);
    }
  }
}

void Mesh::open_outputs(std::uint32_t input_vc) {
  const Flit& head = flit_at(input_vc, 0);
  const std::uint32_t router = input_vc / router_vcs_;
  const std::uint32_t local = input_vc % router_vcs_, input = local / vcs_, lane = local % vcs_;
  const auto open = [&](Port port, std::uint32_t channel_class, std::uint32_t next) {
    const std::uint32_t index = branch_index(input_vc, port);
    if (branches_[index / vcs_].empty()) branches_[index / vcs_].resize(vcs_);
    Branch& branch = branch_at(index);
    branch.state = BranchState::wants_vc;
    branch.channel_class = static_cast<std::uint8_t>(std::min(channel_class, map_.channel_classes()));
    branch.sequence = 0;
    branch.node = next;
    branch.since = now_;
    branch.history = head.history;
    const std::uint32_t router_output = router * radix_ + port;
    Output& output = outputs_[router_output];
    output.vc_inputs |= bit(input);
    output.vc_hopeless = false;
    wants_vc_[router_output * radix_ + input] |= bit(lane);
    busy_outputs_[router] |= bit(port);
    input_vcs_[input_vc].outputs |= bit(port);
  };
  const PacketRecord& packet = packets_[head.packet];
  if (packet.tree == nullptr) {
    const RouterId at = routers_[router], to = map_.router_of(packet.destination);
    const Topology& topology = map_.topology();
    if (at == to) {
      open(map_.port_of(packet.destination), Topology::any_class, none);
    } else {
      const std::uint32_t channel_class =
          one_class_ ? Topology::any_class : topology.channel_class(Way::single, packet.source, at, to);
      open(topology.route(at, to), channel_class, none);
    }
  } else {
    for (const RouteTree::Branch& branch : packet.tree->nodes[head.node].branches) {
      open(branch.output, branch.channel_class, branch.next);
    }
  }
  wake(router);
}

}  // namespace loopsim
