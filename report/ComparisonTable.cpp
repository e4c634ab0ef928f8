#include "report/ComparisonTable.hpp"

#include <cmath>
#include <fmt/format.h>
#include <map>
#include <string>
#include <utility>

#include "report/CellText.hpp"
#include "report/MetricUnit.hpp"
#include "report/NumberText.hpp"

namespace loopsim {
namespace {

// What is spelled out at most; stats.json has everything.
constexpr std::size_t most_causes = 16;
constexpr std::size_t most_unexplained = 20;

/// An amount of a metric: energies are fractions, all else counts.
std::string amount_text(double amount, std::string_view unit) {
  if (unit == "pJ") return energy_text(amount);
  return amount == std::floor(amount) ? grouped(static_cast<std::int64_t>(amount)) : fmt::format("{:.3f}", amount);
}

std::string signed_amount_text(double amount, std::string_view unit) {
  return (amount > 0 ? "+" : "") + amount_text(amount, unit);
}

struct CauseTotal {
  double amount = 0;
  std::int64_t metrics = 0;
};

void add_causes(TableLines& lines, const Comparison& comparison) {
  // Amounts of different units do not add up.
  std::map<std::pair<std::string, std::string>, CauseTotal> totals;
  for (const ComparisonEntry& entry : comparison.entries) {
    // The causes of the cycles are the bridge.
    if (entry.verdict != Verdict::explained || entry.metric == "cycles") continue;
    for (const Cause& cause : entry.causes) {
      if (cause.amount == 0) continue;
      CauseTotal& total = totals[{cause.name, metric_unit(entry.metric)}];
      total.amount += cause.amount;
      ++total.metrics;
    }
  }
  std::size_t shown = 0;
  for (const auto& [key, total] : totals) {
    if (shown == most_causes) break;
    ++shown;
    const auto& [cause, unit] = key;
    const std::string amount = signed_amount_text(total.amount, unit);
    lines.row(cause, unit == "pJ" ? amount : fmt::format("{} {}s", amount, unit),
              "in " + counted(total.metrics, "metric"));
  }
  lines.left_out(totals.size() - shown, "causes");
}

void add_unexplained(TableLines& lines, const Comparison& comparison) {
  std::size_t all = 0;
  for (const ComparisonEntry& entry : comparison.entries) {
    if (entry.verdict != Verdict::unexplained) continue;
    if (++all > most_unexplained) continue;
    const std::string_view unit = metric_unit(entry.metric);
    lines.add(fmt::format("  UNEXPLAINED {}: estimate {}, simulation {}, difference {}", clipped(entry.metric, 40),
                          amount_text(entry.estimate, unit), amount_text(entry.simulation, unit),
                          signed_amount_text(entry.delta(), unit)));
  }
  if (all > most_unexplained) lines.left_out(all - most_unexplained, "unexplained metrics");
}

}  // namespace

void add_bridge(TableLines& lines, const Comparison& comparison, std::int64_t estimate, std::int64_t simulation) {
  lines.heading("From the estimated to the simulated cycles");
  lines.row("estimate", grouped(estimate), "");
  for (const BridgeEntry& entry : comparison.bridge) {
    if (entry.cycles == 0) continue;
    lines.row(entry.cause, grouped_signed(entry.cycles),
              percentage(static_cast<double>(entry.cycles), static_cast<double>(estimate)));
  }
  lines.row("simulation", grouped(simulation), "");
}

void add_comparison(TableLines& lines, const Comparison& comparison) {
  std::int64_t equal = 0;
  std::int64_t explained = 0;
  std::int64_t unexplained = 0;
  for (const ComparisonEntry& entry : comparison.entries) {
    ++(entry.verdict == Verdict::equal ? equal : entry.verdict == Verdict::explained ? explained : unexplained);
  }
  lines.heading(fmt::format("Comparison of {}: {} equal, {} explained, {} unexplained",
                            counted(equal + explained + unexplained, "metric"), grouped(equal), grouped(explained),
                            grouped(unexplained)));
  add_causes(lines, comparison);
  add_unexplained(lines, comparison);
}

}  // namespace loopsim
