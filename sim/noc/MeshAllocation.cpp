#include <algorithm>
#include <array>

#include "sim/noc/Mesh.hpp"

// Both allocators are separable and output first, with one iteration and iSLIP's pointers: an output grants the
// requester next to its pointer, an input accepts the grant next to its own, and pointers move past what was accepted
// (N. McKeown, "The iSLIP scheduling algorithm for input-queued switches", IEEE/ACM ToN 7(2), 1999).

namespace loopsim {

std::uint32_t Mesh::pick_vc_requester(std::uint32_t router, std::uint32_t output, std::uint32_t vc) const {
  const std::uint32_t router_output = router * radix_ + output;
  const OutputVc& lane = output_vcs_[router_output * vcs_ + vc];
  const BitSet* const wants = &wants_vc_[std::size_t{router_output} * radix_];
  const BitSet inputs = outputs_[router_output].vc_inputs;
  const auto pick_of = [&](std::uint32_t input, BitSet candidates) {
    for (; candidates != 0; candidates &= candidates - 1) {
      const std::uint32_t local = input * vcs_ + lowest(candidates);
      if (!one_class_ && (channels_of(branch_at(router_output * router_vcs_ + local)) & bit(vc)) == 0) continue;
      const PacketRecord& packet = packets_[flit_at(router * router_vcs_ + local, 0).packet];
      if (packet.room == 1 || packet.room <= lane.credits) return local;
    }
    return none;
  };
  const std::uint32_t first = lane.pointer_port;
  const BitSet below = first_bits(lane.pointer_vc);
  std::uint32_t found = pick_of(first, wants[first] & ~below);
  const BitSet after = inputs & ~first_bits(first) & ~bit(first);
  for (BitSet left = after; found == none && left != 0; left &= left - 1) {
    found = pick_of(lowest(left), wants[lowest(left)]);
  }
  for (BitSet left = inputs & first_bits(first); found == none && left != 0; left &= left - 1) {
    found = pick_of(lowest(left), wants[lowest(left)]);
  }
  return found != none ? found : pick_of(first, wants[first] & below);
}

void Mesh::allocate_vcs(std::uint32_t router, std::uint32_t output) {
  Output& out = outputs_[router * radix_ + output];
  if (out.vc_inputs == 0 || out.free_vcs == 0 || out.vc_hopeless) return;
  std::array<std::uint32_t, 64> granted;
  BitSet grants = 0;
  for (BitSet left = out.free_vcs; left != 0; left &= left - 1) {
    const std::uint32_t vc = lowest(left);
    granted[vc] = pick_vc_requester(router, output, vc);
    if (granted[vc] != none) grants |= bit(vc);
  }
  out.vc_hopeless = grants == 0;
  while (grants != 0) {
    const std::uint32_t input_vc = granted[lowest(grants)];
    BitSet to_it = 0;
    for (BitSet left = grants; left != 0; left &= left - 1) {
      if (granted[lowest(left)] == input_vc) to_it |= bit(lowest(left));
    }
    grants &= ~to_it;
    const AcceptPointer& pointer = accept_pointers_[router * router_vcs_ + input_vc];
    give_vc(router, output, round_robin(to_it, pointer.output == output ? pointer.vc : 0), input_vc);
  }
}

void Mesh::give_vc(std::uint32_t router, std::uint32_t output, std::uint32_t vc, std::uint32_t local) {
  const std::uint32_t router_output = router * radix_ + output, input_vc = router * router_vcs_ + local;
  const std::uint32_t input = local / vcs_;
  OutputVc& lane = output_vcs_[router_output * vcs_ + vc];
  lane.owner = input_vc;
  lane.pointer_vc = (local + 1) % vcs_;
  lane.pointer_port = (local + 1) / vcs_ % radix_;
  AcceptPointer& pointer = accept_pointers_[input_vc];
  pointer.vc = (vc + 1) % vcs_;
  pointer.output = (output + (vc + 1) / vcs_) % radix_;

  Output& out = outputs_[router_output];
  out.free_vcs &= ~bit(vc);
  BitSet& wants = wants_vc_[router_output * radix_ + input];
  wants &= ~bit(local % vcs_);
  if (wants == 0) out.vc_inputs &= ~bit(input);

  const std::uint32_t index = branch_index(input_vc, output);
  Branch& branch = branch_at(index);
  const Cycle waited = now_ - branch.since;
  links_[router_output].vc += waited.value;
  branch.history.vc += static_cast<std::uint32_t>(waited.value);
  branch.history.pipeline += static_cast<std::uint32_t>(delays_.vc_allocation.value);
  branch.state = BranchState::allocated;
  branch.vc = vc;
  branch.since = now_ + delays_.vc_allocation;
  ring_.at(branch.since).allocated.push_back(index);
}

void Mesh::release_vc(std::uint32_t router_output, std::uint32_t vc) {
  Output& output = outputs_[router_output];
  output.free_vcs |= bit(vc);
  output.vc_hopeless = false;
  output_vcs_[router_output * vcs_ + vc].owner = none;
}

bool Mesh::has_flit(std::uint32_t input_vc, std::uint32_t sequence) const {
  const InputVc& vc = input_vcs_[input_vc];
  if (vc.join != none) {
    for (const Join::Share& share : joins_[vc.join].aside) {
      if (share.flits <= sequence) return false;
    }
    return vc.count > 0;
  }
  return vc.count > 0 && sequence - flit_at(input_vc, 0).sequence < vc.count;
}

/// The next flit of an allocated branch is there.
void Mesh::request_switch(std::uint32_t index) {
  Branch& branch = branch_at(index);
  const std::uint32_t router_output = index / router_vcs_;
  if (output_vcs_[router_output * vcs_ + branch.vc].credits == 0) {
    branch.state = BranchState::wants_credit;
    return;
  }
  branch.state = BranchState::wants_switch;
  const std::uint32_t local = index % router_vcs_, input = local / vcs_;
  wants_switch_[router_output * radix_ + input] |= bit(local % vcs_);
  outputs_[router_output].switch_inputs |= bit(input);
  busy_outputs_[router_output / radix_] |= bit(router_output % radix_);
  wake(router_output / radix_);
}

void Mesh::allocate_switch(std::uint32_t router) {
  std::array<BitSet, 64> granted_outputs;
  BitSet granted_inputs = 0;
  for (BitSet left = busy_outputs_[router]; left != 0; left &= left - 1) {
    const Output& output = outputs_[router * radix_ + lowest(left)];
    if (output.switch_inputs == 0) continue;
    const std::uint32_t input = round_robin(output.switch_inputs, output.switch_pointer);
    if ((granted_inputs & bit(input)) == 0) granted_outputs[input] = 0;
    granted_inputs |= bit(input);
    granted_outputs[input] |= bit(lowest(left));
  }
  std::array<std::uint32_t, 64> sent;
  std::size_t count = 0;
  for (BitSet left = granted_inputs; left != 0; left &= left - 1) {
    const std::uint32_t input = lowest(left);
    InputPort& port = input_ports_[router * radix_ + input];
    const auto wants = [&](std::uint32_t output) { return wants_switch_[(router * radix_ + output) * radix_ + input]; };
    const std::uint32_t output = round_robin(granted_outputs[input], port.switch_pointer);
    const std::uint32_t vc = round_robin(wants(output), port.vc_pointer);
    const std::uint32_t local = input * vcs_ + vc, next_input = (input + 1) % radix_;
    const std::uint32_t index = (router * radix_ + output) * router_vcs_ + local;
    sent[count++] = index;
    outputs_[router * radix_ + output].switch_pointer = next_input;
    port.switch_pointer = (output + 1) % radix_;
    port.vc_pointer = (vc + 1) % vcs_;
    // One reading of the buffer serves all outputs that the same flit was granted.
    for (BitSet others = granted_outputs[input] & ~bit(output); others != 0; others &= others - 1) {
      const std::uint32_t other = lowest(others), twin = (router * radix_ + other) * router_vcs_ + local;
      if ((wants(other) & bit(vc)) == 0 || branch_at(twin).sequence != branch_at(index).sequence) continue;
      sent[count++] = twin;
      outputs_[router * radix_ + other].switch_pointer = next_input;
    }
  }
  for (std::size_t i = 0; i < count; ++i) send(sent[i]);
}

void Mesh::send(std::uint32_t index) {
  Branch& branch = branch_at(index);
  const std::uint32_t router_output = index / router_vcs_, input_vc = input_vc_of(index);
  const std::uint32_t local = index % router_vcs_, input = local / vcs_, output = router_output % radix_;
  InputVc& vc = input_vcs_[input_vc];
  BitSet& wants = wants_switch_[router_output * radix_ + input];
  wants &= ~bit(local % vcs_);
  if (wants == 0) outputs_[router_output].switch_inputs &= ~bit(input);

  const auto lost = static_cast<std::uint32_t>((now_ - branch.since).value);
  FlitHistory& history = branch.history;
  history.arbitration += lost;
  if (lost > history.longest_loss) {
    history.longest_loss = lost;
    history.lost_on = LinkId(router_output);
  }
  LinkCounters& link = links_[router_output];
  link.arbitration += lost;
  ++link.flits;
  ++counters_.flit_hops;

  const std::uint32_t packet_slot = flit_at(input_vc, 0).packet;
  const PacketRecord& packet = packets_[packet_slot];
  const bool tail = branch.sequence + 1 == packet.flits;
  const Cycle arrival = now_ + delays_.grant_to_arrival();
  FlitHistory sent = history;
  sent.pipeline += static_cast<std::uint32_t>(delays_.grant_to_arrival().value);
  ++sent.routers;
  const std::uint32_t terminal = terminal_at_[router_output];
  if (terminal == none) {
    ring_.at(arrival).arrivals.push_back({opposite_[router_output] * vcs_ + branch.vc, {}});
    Flit& flit = ring_.at(arrival).arrivals.back().flit;
    flit.packet = packet_slot;
    flit.node = branch.node;
    flit.sequence = branch.sequence;
    flit.history = sent;
    --output_vcs_[router_output * vcs_ + branch.vc].credits;
  } else {
    // A terminal takes a flit when it arrives, and its credit returns from there.
    if (tail) ring_.at(arrival).tails.push_back({packet_slot, TerminalId(terminal), sent});
    ++counters_.flits_ejected;
    --output_vcs_[router_output * vcs_ + branch.vc].credits;
    ring_.at(arrival + delays_.injection() + delays_.credit).credits.push_back(router_output * vcs_ + branch.vc);
  }
  ++branch.sequence;
  if (tail) {
    branch.state = BranchState::idle;
    vc.outputs &= ~bit(output);
    release_vc(router_output, branch.vc);
  }

  // The flit leaves the buffer when the last branch has sent it.
  const std::uint32_t front = flit_at(input_vc, 0).sequence;
  bool passed = true;
  for (BitSet left = vc.outputs; left != 0; left &= left - 1) {
    passed = passed && branch_at(branch_index(input_vc, lowest(left))).sequence > front;
  }
  if (passed) {
    const std::uint32_t join_index = vc.join;
    pop(input_vc);
    if (tail && join_index != none) {
      Join& join = joins_[join_index];
      join.aside.clear();
      join.packet = join.leader = none;
      free_joins_.push_back(join_index);
    }
  }
  if (!tail) next_flit(index);
}

void Mesh::next_flit(std::uint32_t index) {
  Branch& branch = branch_at(index);
  if (!has_flit(input_vc_of(index), branch.sequence)) {
    branch.state = BranchState::starved;
    return;
  }
  ++branch.history.serialization;
  branch.since = now_ + Cycle(1);
  request_switch(index);
}

void Mesh::pop(std::uint32_t input_vc) {
  InputVc& vc = input_vcs_[input_vc];
  const Flit& flit = flit_at(input_vc, 0);
  const bool tail = flit.sequence + 1 == packets_[flit.packet].flits;
  if (++vc.front == vc.flits.size()) vc.front = 0;
  --vc.count;
  const std::uint32_t input = input_vc / vcs_, lane = input_vc % vcs_;
  const std::uint32_t terminal = terminal_at_[input];
  const Cycle back = now_ + delays_.switch_allocation + delays_.link;
  if (terminal != none) {
    ring_.at(back).source_credits.push_back(source_at_[input] * vcs_ + lane);
  } else {
    ring_.at(back + delays_.credit).credits.push_back(opposite_[input] * vcs_ + lane);
  }
  if (!tail) return;
  vc.join = none;
  vc.state = vc.count > 0 ? VcState::opening : VcState::empty;
  if (vc.count > 0) ring_.at(now_ + Cycle(1) + delays_.routing).routed.push_back(input_vc);
}

}  // namespace loopsim
