#include "sim/noc/StepFlows.hpp"

#include <algorithm>
#include <map>

#include "base/CheckedMath.hpp"
#include "sim/noc/Mesh.hpp"

namespace loopsim {

namespace {

constexpr int most_rounds = 4;
constexpr std::int64_t measured_cycles = 720;
constexpr std::int64_t measured_steps = 32;

std::vector<std::int64_t> key_of(const std::vector<Packet>& packets) {
  std::vector<std::int64_t> key;
  for (const Packet& packet : packets) {
    key.push_back(static_cast<std::int64_t>(packet.kind));
    key.push_back(packet.root.value);
    key.push_back(packet.flits);
    key.push_back(static_cast<std::int64_t>(packet.leaves.size()));
    for (const TerminalId leaf : packet.leaves) key.push_back(leaf.value);
  }
  return key;
}

/// `cycles` per step of a count that is exact to one step.
StepPace pace_of(std::int64_t cycles, std::int64_t steps) {
  if (steps <= 0) return {cycles, 1};
  const std::int64_t whole = (cycles + steps / 2) / steps;
  const bool near = whole * (steps - 1) <= cycles && cycles <= whole * (steps + 1);
  return near ? StepPace{whole, 1} : StepPace{cycles, steps};
}

}  // namespace

StepFlows::StepFlows(const MeshSettings& settings) : settings_(settings) {
  (void)MeshTopology(settings_);
}

std::string StepFlows::link_name(LinkId link) const {
  return MeshTopology(settings_).link_name(link);
}

PatternId StepFlows::intern(std::vector<Packet> packets) {
  const auto [found, added] = ids_.emplace(key_of(packets), PatternId(patterns_.size()));
  if (added) patterns_.push_back(simulate_one(std::move(packets)));
  return found->second;
}

/// Packet by packet to see which links each uses, then all at once.
StepFlows::Pattern StepFlows::simulate_one(std::vector<Packet> packets) const {
  Pattern pattern;
  OneStep& step = pattern.step;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    packets[i].tag = PacketTag(static_cast<std::int64_t>(i));
    pattern.longest = std::max(pattern.longest, packets[i].flits);
  }
  Mesh mesh(settings_);
  NocArrivals arrivals;
  const auto run_out = [&] {
    Cycle end;
    while (const auto next = mesh.next_event()) mesh.advance(end = *next, arrivals);
    return end;
  };
  Cycle end;
  std::vector<std::int64_t> flits_before(mesh.links().size());
  std::vector<bool> used(mesh.links().size());
  for (const Packet& packet : packets) {
    mesh.inject(packet, end);
    end = run_out() + Cycle(1);
    for (std::size_t link = 0; link < used.size(); ++link) {
      const std::int64_t flits = mesh.links()[link].flits;
      if (flits == flits_before[link]) continue;
      flits_before[link] = flits;
      pattern.meets_itself = pattern.meets_itself || used[link];
      used[link] = true;
    }
  }
  arrivals.clear();
  mesh = Mesh(settings_);
  for (const Packet& packet : packets) mesh.inject(packet, Cycle(0));
  run_out();
  for (const Delivery& delivery : arrivals.deliveries) {
    const Packet& packet = packets[static_cast<std::size_t>(delivery.tag.value)];
    Cycle& last = packet.kind == PacketKind::copy ? step.operands : step.results;
    last = std::max(last, delivery.arrived);
  }
  step.counters = mesh.counters();
  for (std::size_t link = 0; link < mesh.links().size(); ++link) {
    if (mesh.links()[link].flits > 0) step.links.emplace_back(LinkId(link), mesh.links()[link]);
  }
  pattern.packets = std::move(packets);
  return pattern;
}

/// Its packets never wait for anything but the one before on the same way, and never for credits. (The head of a long
/// multicast waits until a channel has room for all of it, so two channels have to alternate.)
bool StepFlows::undisturbed(const Pattern& pattern) const {
  const RouterDelays& d = settings_.delays;
  const Cycle credit_loop = d.grant_to_arrival() + d.vc_allocation + d.link + d.credit;
  if (settings_.vcs == 1 && pattern.longest > 1) return false;
  return !pattern.meets_itself && pattern.longest <= settings_.buffer && credit_loop.value <= settings_.buffer;
}

bool StepFlows::meet(PatternId a, PatternId b) const {
  const auto& one = patterns_[a].step.links;
  const auto& other = patterns_[b].step.links;
  for (std::size_t i = 0, j = 0; i < one.size() && j < other.size();) {
    if (one[i].first == other[j].first) return true;
    one[i].first < other[j].first ? ++i : ++j;
  }
  return false;
}

/// Simulates the flows until they run evenly, or nearly so, and counts their steps over some thousands of cycles.
std::vector<StepPace> StepFlows::measure(const std::vector<StepFlow>& flows) const {
  // No step is done in less than its period, nor than the flits of all steps need on the busiest link.
  std::int64_t longest = 1;
  std::map<LinkId, std::int64_t> flits;
  for (const StepFlow& flow : flows) {
    longest = std::max(longest, flow.period.value);
    for (const auto& [link, counters] : patterns_[flow.pattern].step.links) flits[link] += counters.flits;
  }
  for (const auto& [link, count] : flits) longest = std::max(longest, count);
  const Cycle settled((settings_.width + settings_.height) * settings_.delays.hop().value + 64 + 2 * longest);
  const Cycle measured(std::max(measured_cycles, measured_steps * longest));

  Mesh mesh(settings_);
  std::vector<std::vector<PacketTag>> tags;
  std::int64_t tag = 0;
  for (const StepFlow& flow : flows) {
    tags.emplace_back();
    const std::int64_t count = 2 * ((settled + measured).value / flow.period.value + 1);
    for (Packet packet : patterns_[flow.pattern].packets) {
      packet.tag = PacketTag(tag++);
      tags.back().push_back(packet.tag);
      mesh.inject_train(packet, Cycle(0), count, flow.period);
    }
  }
  NocArrivals arrivals;
  const auto steps_done = [&](std::size_t flow) {
    std::int64_t done = mesh.packets_complete(tags[flow].front());
    for (const PacketTag packet : tags[flow]) done = std::min(done, mesh.packets_complete(packet));
    return done;
  };
  mesh.advance(settled, arrivals);
  std::vector<std::int64_t> before;
  for (std::size_t f = 0; f < flows.size(); ++f) before.push_back(steps_done(f));
  mesh.advance(settled + measured, arrivals);
  std::vector<StepPace> paces;
  for (std::size_t f = 0; f < flows.size(); ++f) {
    const std::int64_t done = steps_done(f) - before[f];
    const bool keeps_up = done + 1 >= measured.value / flows[f].period.value;
    paces.push_back(keeps_up ? StepPace{flows[f].period.value, 1} : pace_of(measured.value, done));
  }
  return paces;
}

/// A flow that is held up in one place sends less in all others, so the flows are slowed to what they were seen to
/// reach, until they do.
const std::vector<StepPace>& StepFlows::paces_of(const std::vector<StepFlow>& sorted) {
  std::vector<std::int64_t> key;
  for (const StepFlow& flow : sorted) key.insert(key.end(), {flow.pattern.value, flow.period.value});
  const auto [found, added] = paces_.try_emplace(std::move(key));
  if (!added) return found->second;
  std::vector<StepFlow> flows = sorted;
  std::vector<StepPace> paces;
  for (int round = 0; round < most_rounds; ++round) {
    paces = measure(flows);
    bool slowed = false;
    for (std::size_t f = 0; f < flows.size(); ++f) {
      const Cycle period(std::max(flows[f].period.value, paces[f].cycles / paces[f].steps));
      slowed |= flows[f].period < period;
      flows[f].period = period;
    }
    if (!slowed || flows.size() == 1) break;
  }
  found->second = std::move(paces);
  return found->second;
}

std::vector<StepPace> StepFlows::together(const std::vector<StepFlow>& flows) {
  std::vector<std::size_t> order(flows.size());
  for (std::size_t f = 0; f < flows.size(); ++f) order[f] = f;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return flows[a] < flows[b]; });

  std::vector<StepPace> result(flows.size());
  std::vector<bool> done(flows.size());
  for (std::size_t first = 0; first < order.size(); ++first) {
    if (done[order[first]]) continue;
    // All that is connected with it by links in common.
    std::vector<std::size_t> members{order[first]};
    done[order[first]] = true;
    for (std::size_t m = 0; m < members.size(); ++m) {
      for (const std::size_t other : order) {
        if (done[other] || !meet(flows[members[m]].pattern, flows[other].pattern)) continue;
        done[other] = true;
        members.push_back(other);
      }
    }
    std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) { return flows[a] < flows[b]; });
    std::vector<StepFlow> sorted;
    for (const std::size_t member : members) sorted.push_back(flows[member]);
    if (const Pattern& pattern = patterns_[sorted.front().pattern]; sorted.size() == 1 && undisturbed(pattern)) {
      // Packets of one virtual channel follow each other with a cycle between them.
      const std::int64_t shortest = pattern.longest + (settings_.vcs == 1 ? 1 : 0);
      result[members.front()] = {std::max(sorted.front().period.value, shortest), 1};
      continue;
    }
    const std::vector<StepPace>& paces = paces_of(sorted);
    for (std::size_t m = 0; m < members.size(); ++m) result[members[m]] = paces[m];
  }
  return result;
}

}  // namespace loopsim
