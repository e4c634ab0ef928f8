#include <algorithm>
#include <fmt/format.h>

#include "sim/noc/Mesh.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {

std::string Mesh::packet_name(std::uint32_t packet) const {
  const PacketRecord& record = packets_[packet];
  return record.train == none ? fmt::format("packet {}", record.tag.value)
                              : fmt::format("packet {} of train {}", record.index, record.tag.value);
}

Mesh::Wait Mesh::wait_of_branch(std::uint32_t input_vc, Port output) const {
  const std::uint32_t router_output = input_vc / router_vcs_ * radix_ + output;
  const Branch& branch = branch_at(branch_index(input_vc, output));
  const std::string link = map_.link_name(link_of(router_output));
  if (branch.state == BranchState::wants_vc) {
    const BitSet channels = channels_of(branch);
    for (BitSet left = channels; left != 0; left &= left - 1) {
      const std::uint32_t vc = lowest(left);
      const std::uint32_t owner = output_vcs_[router_output * vcs_ + vc].owner;
      if (owner == none) continue;
      const std::string holder = packet_name(flit_at(owner, 0).packet);
      return {fmt::format("waits for a virtual channel of {}, held by {}", link, holder), owner};
    }
    const std::uint32_t next = opposite_[router_output];
    return {fmt::format("waits for room for a whole packet behind {}", link),
            next == none ? none : next * vcs_ + lowest(channels)};
  }
  if (branch.state == BranchState::wants_credit) {
    const std::uint32_t next = opposite_[router_output];
    return {fmt::format("waits for space in virtual channel {} behind {}", branch.vc, link),
            next == none ? none : next * vcs_ + branch.vc};
  }
  return {};
}

Mesh::Wait Mesh::wait_of(std::uint32_t input_vc) const {
  const InputVc& vc = input_vcs_[input_vc];
  const std::uint32_t sender = vc.join == none ? input_vc : joins_[vc.join].leader;
  for (BitSet left = input_vcs_[sender].outputs; left != 0; left &= left - 1) {
    Wait wait = wait_of_branch(sender, lowest(left));
    if (!wait.text.empty()) return wait;
  }
  // All its outputs are granted, but flits of it, or of another share, are missing: what holds them stands upstream.
  const std::uint32_t input = input_vc / vcs_;
  const std::uint32_t upstream = opposite_[input];
  if (upstream == none) return {"waits for flits from its source", none};
  const std::uint32_t owner = output_vcs_[upstream * vcs_ + input_vc % vcs_].owner;
  return {fmt::format("waits for flits over {}", map_.link_name(link_of(upstream))), owner};
}

void Mesh::report_deadlock() const {
  std::string text = fmt::format("deadlock in the {} at cycle {}: {} packets are under way and none can move",
                                 map_.topology_name(), now_.value, packets_outstanding_);
  // Follow the waits from any open channel; a cycle shows by coming back.
  std::vector<std::uint32_t> seen;
  std::uint32_t at = none;
  for (std::uint32_t i = 0; i < input_vcs_.size() && at == none; ++i) {
    if (input_vcs_[i].state == VcState::open) at = i;
  }
  while (at != none && std::find(seen.begin(), seen.end(), at) == seen.end()) {
    seen.push_back(at);
    const InputVc& vc = input_vcs_[at];
    if (vc.state != VcState::open) break;
    const Wait wait = wait_of(at);
    if (wait.text.empty()) break;
    const RouterId router = routers_[at / router_vcs_];
    const std::string who = vc.count > 0 ? packet_name(flit_at(at, 0).packet) : "a packet";
    if (seen.size() <= 20) {
      text += fmt::format("\n  {} at router {}, virtual channel {}, {}", who, map_.router_name(router), at % vcs_,
                          wait.text);
    }
    at = wait.next;
  }
  if (at != none && std::find(seen.begin(), seen.end(), at) != seen.end()) {
    text += fmt::format("\n  and so round again from router {}", map_.router_name(routers_[at / router_vcs_]));
  }
  throw DeadlockError(text);
}

}  // namespace loopsim
