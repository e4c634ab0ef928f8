#include "sim/pe_array/VisitDemand.hpp"

#include <algorithm>
#include <numeric>

#include "sim/pe_array/StepPackets.hpp"

namespace loopsim {

namespace {

/// Instances of the parent have networks of their own and run in lock step: the one that sends most stands for all.
std::vector<StepPacket> packets_of(const VisitDemand& visit, const ArrayPoint& point) {
  if (!point.sends_packets || visit.parents.empty()) return {};
  const auto most = std::max_element(
      visit.parents.begin(), visit.parents.end(),
      [](const VisitDemand::Parent& a, const VisitDemand::Parent& b) { return a.distinct < b.distinct; });
  return packets_of(most->shares, point);
}

}  // namespace

DemandId demand_of(const VisitDemand& visit, const ArrayPoint& point, DemandTable& demands) {
  StepDemand demand;
  const auto add = [&](std::size_t slot, std::int64_t words, std::int64_t bits) {
    if (demand.size() <= slot) demand.resize(slot + 1);
    demand[slot] += words * bits;
  };
  const bool output = point.traffic.output;
  if (point.parent_level && point.parent_level->value < levels_outside_array) {
    for (const VisitDemand::Parent& parent : visit.parents) {
      const std::size_t slot = demands.slot_outside(*point.parent_level, parent.instance);
      add(slot, parent.distinct - parent.first_updates, point.parent_bits);
      if (output) add(slot + 1, parent.distinct, point.parent_bits);
      if (parent.read_lines.empty() && parent.written_lines.empty()) continue;
      const std::size_t banks = demands.slot_banks(parent.instance);
      for (std::size_t b = 0; b < parent.read_lines.size(); ++b) add(banks + 2 * b, parent.read_lines[b], 1);
      for (std::size_t b = 0; b < parent.written_lines.size(); ++b) add(banks + 2 * b + 1, parent.written_lines[b], 1);
    }
  } else if (point.parent_level && demands.is_limited(*point.parent_level)) {
    // Instances run in lock step, so the busiest one of each tensor sets the pace.
    std::int64_t read = 0;
    std::int64_t written = 0;
    for (const VisitDemand::Parent& parent : visit.parents) {
      read = std::max(read, parent.distinct - parent.first_updates);
      written = std::max(written, parent.distinct);
    }
    const std::size_t slot = demands.slot_private(*point.parent_level);
    add(slot, read, point.parent_bits);
    if (output) add(slot + 1, written, point.parent_bits);
  }
  if (point.reuses && demands.is_limited(point.level)) {
    const std::size_t slot = demands.slot_private(point.level);
    add(slot, visit.max_peers + (output ? visit.max_own : 0), point.bits);
    add(slot + 1, visit.max_fill, point.bits);
  }
  return demands.intern(std::move(demand), point.traffic.tensor, packets_of(visit, point));
}

void count_lines(const VisitDemand& visit, ArrayTraffic& traffic) {
  std::int64_t most = 0;
  for (const VisitDemand::Parent& parent : visit.parents) {
    std::int64_t busier = 0;
    for (const BankLines* lines : {&parent.read_lines, &parent.written_lines}) {
      busier = std::max(busier, std::accumulate(lines->begin(), lines->end(), std::int64_t{0}));
      for (const std::int64_t at_bank : *lines) most = std::max(most, at_bank);
    }
    traffic.lines += busier;
  }
  if (most == 0) return;
  ++traffic.line_steps;
  traffic.bank_cycles += most;
}

}  // namespace loopsim
