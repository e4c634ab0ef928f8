#include "sim/noc/StepFlows.hpp"

#include <algorithm>

#include "sim/noc/NetworkChoices.hpp"
#include "sim/time/RunErrors.hpp"

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

bool any(const std::vector<bool>& flags) {
  return std::find(flags.begin(), flags.end(), true) != flags.end();
}

bool any_behind(const std::vector<FlowPace>& paces) {
  return std::any_of(paces.begin(), paces.end(), [](const FlowPace& pace) { return pace.behind; });
}

}  // namespace

StepFlows::StepFlows(const MeshSettings& settings) : settings_(settings), map_(settings) {}

PatternId StepFlows::intern(std::vector<RepeatedPacket> packets) {
  const auto [found, added] = ids_.emplace(key_of(packets), PatternId(patterns_.size()));
  if (added) patterns_.push_back(make_step_pattern(settings_, map_, std::move(packets)));
  return found->second;
}

/// Of its busiest link. Sums that come from several sides in turn need no cycle between them.
Cycle StepFlows::least_period(const StepFlow& flow) const {
  std::int64_t most = 1;
  for (const auto& id : flow.patterns) {
    if (!id) continue;
    const StepPattern& pattern = patterns_[*id];
    const bool in_turn = !undisturbed(pattern) &&
                         std::any_of(pattern.packets.begin(), pattern.packets.end(), [](const RepeatedPacket& packet) {
                           return packet.packet.kind == PacketKind::sum;
                         });
    for (const StepPattern::LinkLoad& load : pattern.links) {
      most = std::max(most, in_turn ? load.flits : load.cycles);
    }
  }
  return Cycle(most);
}

/// Its packets never wait for anything but those before them on the same way, and never for credits. (The head of a
/// long multicast waits until a channel has room for all of it, so two channels of its class have to alternate.)
bool StepFlows::undisturbed(const StepPattern& pattern) const {
  if (settings_.vcs / map_.channel_classes() == 1 && pattern.longest > 1) return false;
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

/// How a flow alone comes through on the mesh that is hardest for it; exactly where that is no slower than `best`.
FlowPace StepFlows::try_on(const MeshSettings& choice, const StepFlow& flow, Cycle period,
                           const std::optional<Cycle>& best) {
  FlowPace result{false, period};
  for (const auto& pattern : flow.patterns) {
    if (!pattern || undisturbed(patterns_[*pattern])) continue;
    ++simulated_;
    const FlowPace of_mesh = try_flows(choice, {{&patterns_[*pattern], period}}, best).front();
    result.behind = result.behind || of_mesh.behind;
    result.period = std::max(result.period, of_mesh.period);
  }
  return result;
}

/// In a way that the mesh has beside using all of it. Nothing where packets block each other.
std::optional<FlowPace> StepFlows::try_further(const MeshSettings& choice, const StepFlow& flow, Cycle period,
                                               const std::optional<Cycle>& best) {
  try {
    return try_on(choice, flow, period, best);
  } catch (const DeadlockError&) {
    return std::nullopt;
  }
}

/// Which of the flows on one mesh fall behind with every choice; none if they all keep up with one.
std::vector<bool> StepFlows::behind_on(const std::vector<PatternOffer>& offers) {
  const bool disturbed = offers.size() > 1 || (!offers.empty() && !undisturbed(patterns_[offers.front().pattern]));
  if (!disturbed) return std::vector<bool>(offers.size());
  Key key;
  std::int64_t longest = 1;
  std::vector<PatternFlow> flows;
  for (const PatternOffer& offer : offers) {
    const StepPattern& pattern = patterns_[offer.pattern];
    key.insert(key.end(), {std::int64_t{offer.pattern.value}, offer.period.value});
    longest = std::max(longest, pattern.longest);
    flows.push_back({&pattern, offer.period});
  }
  if (const auto known = behind_.find(key); known != behind_.end()) return known->second;
  std::vector<bool> late(offers.size());
  bool with_all = true;
  for (const MeshSettings& choice : network_choices(settings_, longest)) {
    std::vector<FlowPace> paces;
    try {
      ++simulated_;
      paces = try_flows(choice, flows);
    } catch (const DeadlockError&) {
      if (with_all) throw;
      continue;
    }
    if (!any_behind(paces)) {
      std::fill(late.begin(), late.end(), false);
      break;
    }
    for (std::size_t f = 0; with_all && f < paces.size(); ++f) late[f] = paces[f].behind;
    with_all = false;
  }
  return behind_.emplace(std::move(key), std::move(late)).first->second;
}

/// Which of the flows fall behind on some mesh.
std::vector<bool> StepFlows::behind(const std::vector<StepFlow>& flows, const std::vector<Cycle>& periods) {
  std::vector<bool> late(flows.size());
  for (std::size_t mesh = 0; mesh < flows.front().patterns.size(); ++mesh) {
    std::vector<PatternOffer> offers;
    std::vector<std::size_t> whose;
    for (std::size_t f = 0; f < flows.size(); ++f) {
      if (!flows[f].patterns[mesh]) continue;
      offers.push_back({*flows[f].patterns[mesh], periods[f]});
      whose.push_back(f);
    }
    const std::vector<bool> here = behind_on(offers);
    for (std::size_t i = 0; i < whose.size(); ++i) {
      if (here[i]) late[whose[i]] = true;
    }
  }
  return late;
}

/// The least period of one flow from `least` on. A flow that falls behind comes through all the same, at some pace, and
/// the bank may be that far ahead: so no period is more than the best that was seen.
Cycle StepFlows::search(const StepFlow& flow, Cycle least) {
  std::int64_t longest = 1;
  for (const auto& pattern : flow.patterns) {
    if (pattern) longest = std::max(longest, patterns_[*pattern].longest);
  }
  const std::vector<MeshSettings> choices = network_choices(settings_, longest);
  std::optional<Cycle> most;
  const auto keeps_up = [&](Cycle period) {
    if (most && *most <= period) return true;
    for (std::size_t c = 0; c < choices.size(); ++c) {
      const std::optional<FlowPace> pace =
          c == 0 ? try_on(choices[c], flow, period, most) : try_further(choices[c], flow, period, most);
      if (!pace) continue;
      if (!pace->behind) return true;
      most = std::min(most.value_or(pace->period), pace->period);
    }
    return false;
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
  found = most ? std::min(found, *most) : found;
  while ((found - below).value > std::max<std::int64_t>(1, below.value / resolution)) {
    const Cycle middle((below.value + found.value) / 2);
    (keeps_up(middle) ? found : below) = middle;
    found = most ? std::min(found, *most) : found;
  }
  return found;
}

std::vector<LinkDemand> StepFlows::demands_of(const StepFlow& flow) const {
  std::vector<LinkDemand> demands;
  for (std::size_t mesh = 0; mesh < flow.patterns.size(); ++mesh) {
    if (!flow.patterns[mesh]) continue;
    for (const StepPattern::LinkLoad& load : patterns_[*flow.patterns[mesh]].links) {
      demands.push_back({mesh * map_.links() + load.link.value, load.cycles});
    }
  }
  return demands;
}

/// As fast as the meshes carry it.
Cycle StepFlows::pace_of(const StepFlow& flow) {
  Key key;
  for (const auto& pattern : flow.patterns) key.push_back(pattern ? std::int64_t{pattern->value} : -1);
  if (const auto known = paces_.find(key); known != paces_.end()) return known->second;
  const Cycle pace = search(flow, least_period(flow));
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
