#include "tests/comparison/Complaints.hpp"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loopsim {

std::string complaints_about(const Comparison& comparison) {
  std::string text;
  for (const ComparisonEntry& entry : comparison.entries) {
    std::string causes;
    double sum = 0;
    for (const Cause& cause : entry.causes) {
      causes += fmt::format(" {} {:+}", cause.name, cause.amount);
      sum += cause.amount;
    }
    const std::string line =
        fmt::format("{}: estimate {}, run {};{}\n", entry.metric, entry.estimate, entry.simulation, causes);
    if (entry.verdict == Verdict::unexplained) text += "unexplained " + line;
    if (entry.verdict == Verdict::explained && sum != entry.delta()) text += "causes do not sum: " + line;
    if (entry.verdict == Verdict::equal && std::abs(entry.delta()) > 1e-9 * std::abs(entry.estimate))
      text += "not equal: " + line;
  }
  return text;
}

std::string complaints_about(const LoopTreeEstimate& estimate, const Measurement& run, const Comparison& comparison) {
  std::string text = complaints_about(comparison);
  for (const StageAccount& account : run.accounting) {
    std::int64_t sum = account.compute + account.ramp + account.drain + account.idle;
    bool negative = account.compute < 0 || account.ramp < 0 || account.drain < 0 || account.idle < 0;
    for (std::int64_t stall : account.stall) {
      sum += stall;
      negative |= stall < 0;
    }
    if (sum != run.cycles || negative)
      text += fmt::format("row {} sums to {} of {} cycles\n", account.stage, sum, run.cycles);
  }
  std::int64_t path = run.path.compute;
  for (std::int64_t stall : run.path.stall) path += stall;
  if (path != run.cycles) text += fmt::format("the critical path sums to {} of {} cycles\n", path, run.cycles);
  std::int64_t bridge = estimate.cycles;
  for (const BridgeEntry& entry : comparison.bridge) bridge += entry.cycles;
  if (bridge != run.cycles) text += fmt::format("the bridge ends at {}, not at {} cycles\n", bridge, run.cycles);
  for (const std::string& error : run.conservation_errors) text += "conservation: " + error + "\n";
  if (run.functional && run.functional->mismatches > 0) {
    text += fmt::format("{} of {} output words are wrong: {}\n", run.functional->mismatches, run.functional->checked,
                        fmt::join(run.functional->messages, "; "));
  }
  for (const StageAccount& account : run.accounting) {
    for (const StallCause cause : {StallCause::dram, StallCause::glb, StallCause::noc}) {
      std::int64_t sum = 0;
      for (const auto& [name, cycles] : account.detail) {
        if (cycles <= 0) text += fmt::format("{} of stage {} is {}\n", name, account.stage, cycles);
        if (name.substr(0, name.find('.')) == to_string(cause)) sum += cycles;
      }
      const std::int64_t stall = account.stall[static_cast<std::size_t>(cause)];
      if (sum != stall) {
        text += fmt::format("stage {}: details of stall.{} sum to {}, not {}\n", account.stage, to_string(cause), sum,
                            stall);
      }
    }
  }
  if (run.functional && run.functional->checked == 0) text += "no output word was checked\n";
  return text;
}

std::string full_text(const Measurement& run) {
  std::string text = fmt::format("{} {} {} {}\n", run.cycles, run.macs, run.energy_pj, run.pipeline_steps);
  for (const StageAccount& a : run.accounting) {
    text += fmt::format("{} {} {} {} {} {}\n", a.stage, a.compute, a.ramp, a.drain, a.idle, fmt::join(a.stall, " "));
    for (const auto& [name, cycles] : a.detail) text += fmt::format("  {} {}\n", name, cycles);
  }
  text += fmt::format("{} {}\n", run.path.compute, fmt::join(run.path.stall, " "));
  for (const EinsumMeasures& e : run.measures.einsums) {
    text += fmt::format("{} {} {} {} [{}] [{}]\n", e.ops, e.space_ops, e.distinct_ops, e.steps,
                        fmt::join(e.ops_per_tile, " "), fmt::join(e.steps_per_tile, " "));
  }
  for (const AccessMeasures& a : run.measures.accesses) {
    text += fmt::format("{} {} {} {}: {} {} {} {} {} {}", a.level.value, a.tensor.value, a.einsum.value, a.node,
                        a.reads, a.writes, a.fills, a.parent_reads, a.peer, a.max_occupancy);
    if (a.fill_series) text += fmt::format(" [{}]", fmt::join(*a.fill_series, " "));
    if (a.occupancy_series) text += fmt::format(" [{}]", fmt::join(*a.occupancy_series, " "));
    text += "\n";
  }
  for (const EnergyMeasure& e : run.measures.energy)
    text += fmt::format("{} {} {} {}\n", e.component, e.action, e.count, e.pj);
  for (const LevelOccupancy& l : run.levels)
    text += fmt::format("{} {} {}\n", l.peak_words, l.min_words, l.peak_live_words);
  text += fmt::format("{} {} {} {} {}\n", run.dram.read_bytes, run.dram.write_bytes, run.dram.read_bursts,
                      run.dram.write_bursts, run.dram.busy_cycles);
  text += fmt::format("{} {} {} {} {} {}\n", run.glb.read_busy_cycles, run.glb.write_busy_cycles,
                      run.glb.port_wait_cycles, run.noc.packets, run.noc.bits, run.noc.busy_cycles);
  if (run.functional) text += fmt::format("{} {}\n", run.functional->checked, run.functional->mismatches);
  return text;
}

}  // namespace loopsim
