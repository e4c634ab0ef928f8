#include "sim/noc/StepFlows.hpp"

#include <algorithm>

#include "sim/Simulate.hpp"
#include "sim/noc/FlowTrial.hpp"
#include "sim/noc/NetworkChoices.hpp"

namespace loopsim {

namespace {

/// Periods are found to this part of themselves, those below its inverse exactly.
constexpr std::int64_t resolution = 128;

std::vector<std::int64_t> key_of(const std::vector<RepeatedPacket>& packets) {
  std::vector<std::int64_t> key;
  for (const auto& [packet, count, bits] : packets) {
    key.insert(key.end(), {static_cast<std::int64_t>(packet.kind), packet.root.value, packet.flits, count, bits,
                           static_cast<std::int64_t>(packet.leaves.size())});
    for (const TerminalId leaf : packet.leaves) key.push_back(leaf.value);
  }
  return key;
}

/// Packets of one virtual channel follow each other with a cycle between them.
std::int64_t cycles_on(const StepPattern::LinkLoad& load, std::int64_t vcs) {
  return load.flits + (vcs == 1 ? load.packets : 0);
}

bool any(const std::vector<bool>& flags) {
  return std::find(flags.begin(), flags.end(), true) != flags.end();
}

}  // namespace

StepFlows::StepFlows(const MeshSettings& settings) : settings_(settings), topology_(settings) {}

PatternId StepFlows::intern(std::vector<RepeatedPacket> packets) {
  const auto [found, added] = ids_.emplace(key_of(packets), PatternId(patterns_.size()));
  if (added) patterns_.push_back(make_step_pattern(settings_, topology_, std::move(packets)));
  return found->second;
}

/// Of its busiest link.
Cycle StepFlows::least_period(const StepFlow& flow, std::int64_t vcs) const {
  std::int64_t most = 1;
  for (const auto& pattern : flow.patterns) {
    if (!pattern) continue;
    for (const StepPattern::LinkLoad& load : patterns_[*pattern].links) most = std::max(most, cycles_on(load, vcs));
  }
  return Cycle(most);
}

/// Its packets never wait for anything but those before them on the same way, and never for credits. (The head of a
/// long multicast waits until a channel has room for all of it, so two channels have to alternate.)
bool StepFlows::undisturbed(const StepPattern& pattern) const {
  if (settings_.vcs == 1 && pattern.longest > 1) return false;
  const std::int64_t room = credit_loop(settings_.delays) + (pattern.longest > 1 ? pattern.longest : 0);
  return !pattern.merges && room <= settings_.buffer;
}

bool StepFlows::meet(const StepFlow& a, const StepFlow& b) const {
  for (std::size_t mesh = 0; mesh < std::min(a.patterns.size(), b.patterns.size()); ++mesh) {
    if (!a.patterns[mesh] || !b.patterns[mesh]) continue;
    const auto& one = patterns_[*a.patterns[mesh]].links;
    const auto& other = patterns_[*b.patterns[mesh]].links;
    for (std::size_t i = 0, j = 0; i < one.size() && j < other.size();) {
      if (one[i].link == other[j].link) return true;
      one[i].link < other[j].link ? ++i : ++j;
    }
  }
  return false;
}

std::vector<MeshSettings> StepFlows::choices_of(const std::vector<StepFlow>& flows) const {
  std::int64_t longest = 1;
  for (const StepFlow& flow : flows) {
    for (const auto& pattern : flow.patterns) {
      if (pattern) longest = std::max(longest, patterns_[*pattern].longest);
    }
  }
  return network_choices(settings_, longest);
}

/// On any mesh.
std::vector<bool> StepFlows::behind(const MeshSettings& choice, const std::vector<StepFlow>& flows,
                                    const std::vector<Cycle>& periods) {
  std::vector<bool> result(flows.size());
  for (std::size_t mesh = 0; mesh < flows.front().patterns.size(); ++mesh) {
    std::vector<PatternFlow> here;
    std::vector<std::size_t> whose;
    for (std::size_t f = 0; f < flows.size(); ++f) {
      if (!flows[f].patterns[mesh]) continue;
      here.push_back({&patterns_[*flows[f].patterns[mesh]], periods[f]});
      whose.push_back(f);
    }
    if (here.empty() || (here.size() == 1 && undisturbed(*here.front().pattern))) continue;
    ++simulated_;
    const std::vector<bool> of_mesh = fall_behind(choice, here);
    for (std::size_t i = 0; i < here.size(); ++i) result[whose[i]] = result[whose[i]] || of_mesh[i];
  }
  return result;
}

/// In a way that the mesh has beside using all of it, where they may block each other.
bool StepFlows::keep_up(const MeshSettings& choice, const std::vector<StepFlow>& flows,
                        const std::vector<Cycle>& periods) {
  try {
    return !any(behind(choice, flows, periods));
  } catch (const DeadlockError&) {
    return false;
  }
}

/// None if they all keep up in some way.
std::vector<bool> StepFlows::behind(const std::vector<StepFlow>& flows, const std::vector<Cycle>& periods) {
  const std::vector<MeshSettings> choices = choices_of(flows);
  std::vector<bool> with_all = behind(choices.front(), flows, periods);
  if (!any(with_all)) return with_all;
  const bool some_way = std::any_of(choices.begin() + 1, choices.end(),
                                    [&](const MeshSettings& choice) { return keep_up(choice, flows, periods); });
  return some_way ? std::vector<bool>(flows.size()) : with_all;
}

/// The least period of one flow from `least` on; with `most` in ways beside using all of the mesh, and no more.
Cycle StepFlows::search(const std::vector<MeshSettings>& choices, const StepFlow& flow, Cycle least,
                        std::optional<Cycle> most) {
  const auto keeps_up = [&](Cycle period) {
    if (most && *most <= period) return true;
    if (!most && !any(behind(choices.front(), {flow}, {period}))) return true;
    return std::any_of(choices.begin() + (most ? 0 : 1), choices.end(),
                       [&](const MeshSettings& choice) { return keep_up(choice, {flow}, {period}); });
  };
  if (keeps_up(least)) return least;
  Cycle below = least;
  Cycle step(std::max<std::int64_t>(1, least.value / resolution));
  Cycle found = below + step;
  while (!keeps_up(found)) {
    below = found;
    step = step * 2;
    found += step;
  }
  while ((found - below).value > std::max<std::int64_t>(1, below.value / resolution)) {
    const Cycle middle((below.value + found.value) / 2);
    (keeps_up(middle) ? found : below) = middle;
  }
  return most ? std::min(found, *most) : found;
}

std::vector<LinkDemand> StepFlows::demands_of(const StepFlow& flow) const {
  std::vector<LinkDemand> demands;
  for (std::size_t mesh = 0; mesh < flow.patterns.size(); ++mesh) {
    if (!flow.patterns[mesh]) continue;
    for (const StepPattern::LinkLoad& load : patterns_[*flow.patterns[mesh]].links) {
      demands.push_back({mesh * topology_.links() + load.link.value, cycles_on(load, settings_.vcs)});
    }
  }
  return demands;
}

/// As fast as the meshes carry it.
Cycle StepFlows::pace_of(const StepFlow& flow) {
  Key key;
  for (const auto& pattern : flow.patterns) key.push_back(pattern ? std::int64_t{pattern->value} : -1);
  if (const auto known = paces_.find(key); known != paces_.end()) return known->second;
  const std::vector<MeshSettings> choices = choices_of({flow});
  const Cycle least = least_period(flow, settings_.vcs);
  Cycle pace = search(choices, flow, least);
  if (least < pace && settings_.vcs > 1) {
    // Found from another beginning with one channel alone.
    const auto first = std::find_if(choices.begin(), choices.end(), [](const MeshSettings& c) { return c.vcs == 1; });
    const Cycle least_of_one = least_period(flow, 1);
    if (least_of_one < pace) pace = search({first, choices.end()}, flow, least_of_one, pace);
  }
  return paces_.emplace(std::move(key), pace).first->second;
}

Cycle StepFlows::alone(const StepFlow& flow) {
  return std::max(flow.period, pace_of(flow));
}

/// Of flows that meet, in order.
std::vector<Cycle> StepFlows::periods_of(const std::vector<StepFlow>& sorted) {
  if (sorted.size() == 1) return {alone(sorted.front())};
  std::vector<Cycle> periods;
  Key key;
  for (const StepFlow& flow : sorted) {
    periods.push_back(alone(flow));
    key.push_back(periods.back().value);
    for (const auto& pattern : flow.patterns) key.push_back(pattern ? std::int64_t{pattern->value} : -1);
  }
  if (const auto known = periods_.find(key); known != periods_.end()) return known->second;
  std::vector<std::vector<LinkDemand>> demands;
  demands.reserve(sorted.size());
  for (const StepFlow& flow : sorted) demands.push_back(demands_of(flow));
  // Where a link is asked for more than it has somebody falls behind in any case.
  periods = fair_periods(demands, std::move(periods));
  for (std::vector<bool> late = behind(sorted, periods); any(late); late = behind(sorted, periods)) {
    for (std::size_t f = 0; f < sorted.size(); ++f) {
      if (late[f]) periods[f] += Cycle(std::max<std::int64_t>(1, periods[f].value / resolution));
    }
  }
  return periods_.emplace(std::move(key), std::move(periods)).first->second;
}

std::vector<Cycle> StepFlows::together(const std::vector<StepFlow>& flows) {
  std::vector<std::size_t> order(flows.size());
  for (std::size_t f = 0; f < flows.size(); ++f) order[f] = f;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return flows[a] < flows[b]; });

  std::vector<Cycle> result(flows.size());
  std::vector<bool> done(flows.size());
  for (std::size_t first = 0; first < order.size(); ++first) {
    if (done[order[first]]) continue;
    // All that is connected with it by links in common.
    std::vector<std::size_t> members{order[first]};
    done[order[first]] = true;
    for (std::size_t m = 0; m < members.size(); ++m) {
      for (const std::size_t other : order) {
        if (done[other] || !meet(flows[members[m]], flows[other])) continue;
        done[other] = true;
        members.push_back(other);
      }
    }
    std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) { return flows[a] < flows[b]; });
    std::vector<StepFlow> sorted;
    for (const std::size_t member : members) sorted.push_back(flows[member]);
    const std::vector<Cycle> periods = periods_of(sorted);
    for (std::size_t m = 0; m < members.size(); ++m) result[members[m]] = periods[m];
  }
  return result;
}

}  // namespace loopsim
