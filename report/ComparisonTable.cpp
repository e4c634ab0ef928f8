#include "report/ComparisonTable.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/CellText.hpp"
#include "base/NumberText.hpp"
#include "report/CauseText.hpp"
#include "report/MetricUnit.hpp"

namespace loopsim {
namespace {

// What is spelled out at most; stats.json has everything.
constexpr std::size_t most_causes = 20;
constexpr std::size_t most_unexplained = 20;
constexpr std::size_t most_ports = 2;  // of a cause

/// An amount of a metric: energies are fractions, all else counts.
std::string amount_text(Amount amount, std::string_view unit) {
  if (unit == "pJ") return energy_text(static_cast<double>(amount));
  return amount == std::floor(amount) ? grouped(static_cast<std::int64_t>(amount)) : fmt::format("{:.3f}", amount);
}

std::string signed_amount_text(Amount amount, std::string_view unit) {
  return (amount > 0 ? "+" : "") + amount_text(amount, unit);
}

/// The memory that a metric is about: "reads:1/Fmap1/Conv1" and "required_words:NAME" name it.
std::optional<std::size_t> level_of(const BoundTree& tree, std::string_view metric) {
  const std::size_t colon = metric.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view rest = metric.substr(colon + 1);
  const auto& memories = tree.architecture.memories;
  if (metric.substr(0, colon) == "required_words") {
    for (std::size_t i = 0; i < memories.size(); ++i) {
      if (memories[i].name == rest) return i;
    }
    return std::nullopt;
  }
  std::size_t level = 0;
  const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), level);
  const bool is_number = parsed.ec == std::errc() && parsed.ptr != rest.data() + rest.size() && *parsed.ptr == '/';
  return is_number ? std::optional(level) : std::nullopt;
}

/// What differs, in the order in which it is shown.
struct Subject {
  std::size_t rank = 0;
  std::string name;
  bool operator<(const Subject& other) const { return std::tie(rank, name) < std::tie(other.rank, other.name); }
};

Subject subject_of(const BoundTree& tree, const ComparisonEntry& entry) {
  constexpr std::size_t shared_levels = 2;
  if (entry.metric.rfind("energy", 0) == 0) return {0, "energy"};
  const bool space = entry.metric.rfind("required_words:", 0) == 0;
  const auto level = level_of(tree, entry.metric);
  if (!level) return {1000, entry.metric.substr(0, entry.metric.find(':'))};
  const std::size_t rank = 1 + 2 * std::min(*level, shared_levels) + (space ? 0 : 1);
  const std::string memory =
      *level < shared_levels ? level_name(tree.architecture, LevelId(*level)) : std::string("private buffers");
  return {rank, fmt::format("{}, {}", memory, space ? "space" : "words")};
}

void add_causes(TableLines& lines, const BoundTree& tree, const Comparison& comparison) {
  // Amounts of different units do not add up; a subject has one.
  std::map<std::pair<Subject, std::string>, std::pair<Amount, std::string_view>> totals;
  for (const ComparisonEntry& entry : comparison.entries) {
    // The causes of the cycles are the bridge.
    if (entry.verdict != Verdict::explained || entry.metric == "cycles") continue;
    for (const Cause& cause : entry.causes) {
      if (cause.amount == 0) continue;
      auto& [amount, unit] = totals[{subject_of(tree, entry), cause.name}];
      amount += cause.amount;
      unit = metric_unit(entry.metric);
    }
  }
  std::size_t shown = 0;
  std::string before;
  for (const auto& [key, total] : totals) {
    if (shown == most_causes) break;
    ++shown;
    const auto& [subject, cause] = key;
    lines.add(fmt::format("  {}{}{}  {}", left_cell(subject.name == before ? "" : subject.name, 24),
                          left_cell(cause, 22), right_cell(signed_amount_text(total.first, total.second), 16),
                          cause_text(cause)));
    before = subject.name;
  }
  lines.left_out(totals.size() - shown, "causes");
}

void add_all(TableLines& lines, const Comparison& comparison) {
  lines.heading("Every metric that differs");
  for (const ComparisonEntry& entry : comparison.entries) {
    if (entry.verdict == Verdict::equal) continue;
    const std::string_view unit = metric_unit(entry.metric);
    lines.row(entry.metric, amount_text(entry.estimate, unit), amount_text(entry.simulation, unit),
              signed_amount_text(entry.delta(), unit));
    for (const Cause& cause : entry.causes) {
      if (cause.amount == 0) continue;
      lines.add(fmt::format("      {}  {}", signed_amount_text(cause.amount, unit), cause.name));
    }
  }
}

/// The ports that are too slow for steps, under the cause that their waits are charged to.
void add_ports(TableLines& lines, const Measurement& measurement, std::string_view cause) {
  std::vector<const PortNeed*> needs;
  for (const StageAccount& stage : measurement.accounting) {
    for (const PortNeed& need : stage.ports) {
      if (cause == std::string("stall.") + to_string(need.cause)) needs.push_back(&need);
    }
  }
  std::stable_sort(needs.begin(), needs.end(), [](const PortNeed* a, const PortNeed* b) {
    return a->cycles + a->rounding > b->cycles + b->rounding;
  });
  if (needs.size() > most_ports) needs.resize(most_ports);
  for (const PortNeed* need : needs) {
    lines.add(fmt::format("    {}: a step of {} takes {:.6g} words, most of {}, the port has {:.6g} a cycle",
                          clipped(need->port, 24), clipped(need->einsum, 16), need->step_words,
                          clipped(need->tensor, 16), need->port_words));
    if (need->rounding == 0) continue;
    lines.add(fmt::format("      steps begin with a cycle: {} of {} cycles are rounding", grouped(need->rounding),
                          grouped(need->cycles + need->rounding)));
  }
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

void add_bridge(TableLines& lines, const Comparison& comparison, std::int64_t estimate,
                const Measurement& measurement) {
  lines.heading("From the estimated to the simulated cycles");
  lines.row("estimate", grouped(estimate), "");
  for (const BridgeEntry& entry : comparison.bridge) {
    if (entry.cycles == 0) continue;
    lines.row(entry.cause, grouped_signed(entry.cycles),
              percentage(static_cast<double>(entry.cycles), static_cast<double>(estimate)));
    add_ports(lines, measurement, entry.cause);
  }
  lines.row("simulation", grouped(measurement.cycles), "");
}

void add_comparison(TableLines& lines, const BoundTree& tree, const Comparison& comparison, bool all) {
  std::int64_t equal = 0;
  std::int64_t explained = 0;
  std::int64_t unexplained = 0;
  for (const ComparisonEntry& entry : comparison.entries) {
    ++(entry.verdict == Verdict::equal ? equal : entry.verdict == Verdict::explained ? explained : unexplained);
  }
  lines.heading(fmt::format("Comparison of {}: {} equal, {} explained, {} unexplained",
                            counted(equal + explained + unexplained, "metric"), grouped(equal), grouped(explained),
                            grouped(unexplained)));
  add_causes(lines, tree, comparison);
  add_unexplained(lines, comparison);
  if (all) {
    add_all(lines, comparison);
  } else if (explained > 0) {
    lines.add("  Every metric is in stats.json (-o DIR, --json); those that differ are shown with --all.");
  }
}

}  // namespace loopsim
