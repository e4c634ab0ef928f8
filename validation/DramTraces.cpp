#include "validation/DramTraces.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>

#include "arch/dram/DramPartLoader.hpp"
#include "sim/dram/DramMemory.hpp"
#include "sim/dram/DramTracePlayer.hpp"

namespace loopsim {

namespace {

constexpr std::uint64_t burst_bytes = 64;

struct Experiment {
  std::string name;
  std::string trace;       ///< sequential, random, stride, tile
  std::uint64_t size = 0;  ///< stride and tile: bytes; random: bits of the number of a burst
  bool write = false;
  std::string mapping;
  std::int64_t channels = 1;
  std::int64_t requests = 0;
  std::optional<std::int64_t> gap;  ///< then the average read latency counts, else the cycles
  std::vector<double> references;
  double low = 0, high = 0;  ///< bar of cycles: times the least and the greatest reference
  double near = 0;           ///< bar of latency: cycles from the nearest reference
};

/// The generator of the reference traces.
class Xorshift64 {
 public:
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  std::uint64_t state_ = 88172645463325252ULL;
};

/// Three read streams and one write stream in runs of `bytes`; streams begin 64 MiB + 32 KiB apart.
DramTraceLine tile_request(std::uint64_t i, std::uint64_t bytes) {
  const std::uint64_t run = bytes / burst_bytes;
  const std::uint64_t round = i / (4 * run);
  const std::uint64_t stream = i % (4 * run) / run;
  const std::uint64_t offset = i % run;
  const std::uint64_t apart = (std::uint64_t(64) << 20) + (std::uint64_t(32) << 10);
  return {stream * apart + (round * run + offset) * burst_bytes, stream == 3, {}};
}

DramTrace trace_of(const Experiment& e) {
  constexpr std::uint64_t span = std::uint64_t(8) << 30;
  Xorshift64 random;
  DramTrace trace;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(e.requests); ++i) {
    if (e.trace == "random") {
      trace.lines.push_back({(random.next() & ((std::uint64_t(1) << e.size) - 1)) * burst_bytes, e.write, {}});
    } else if (e.trace == "tile") {
      trace.lines.push_back(tile_request(i, e.size));
    } else {
      trace.lines.push_back({i * e.size % span, e.write, {}});
    }
  }
  return trace;
}

std::string measured_text(const Experiment& e, const std::string& part) {
  DramMemory memory(load_dram_part(part), DramControllerSettings(), e.mapping, e.channels);
  play_dram_trace(memory, trace_of(e), e.gap ? std::optional(DramCycles(*e.gap)) : std::nullopt);
  const DramStatistics statistics = memory.statistics();
  if (!e.gap) return std::to_string(statistics.elapsed().value);
  return fmt::format(
      "{:.17g}", static_cast<double>(statistics.read_latency.total().value) / static_cast<double>(statistics.reads));
}

Experiment read_experiment(const DocumentNode& node, Diagnostics& diagnostics) {
  Experiment e;
  MapReader reader(node, "a trace", diagnostics);
  const auto text = [&](const char* key) {
    const auto value = reader.required(key);
    return value ? read_text(*value, key, diagnostics).value_or("") : "";
  };
  const auto integer = [&](const char* key) -> std::optional<std::int64_t> {
    const auto value = reader.optional(key);
    return value ? read_integer(*value, key, diagnostics, {1, std::int64_t(1) << 33}) : std::nullopt;
  };
  e.name = text("row");
  e.trace = text("trace");
  e.mapping = text("mapping");
  e.size = static_cast<std::uint64_t>(integer("size").value_or(burst_bytes));
  e.channels = integer("channels").value_or(1);
  e.requests = integer("requests").value_or(100'000);
  e.gap = integer("gap");
  if (const auto write = reader.optional("write")) e.write = read_boolean(*write, "write", diagnostics).value_or(false);
  if (const auto list_node = reader.required("references")) {
    if (const auto* list = read_list(*list_node, "references", diagnostics)) {
      for (const auto& item : *list) e.references.push_back(read_number(*item, "a reference", diagnostics).value_or(0));
    }
  }
  if (const auto bar = reader.required("bar")) {
    MapReader bars(*bar, "a bar", diagnostics);
    const auto number = [&](const char* key) {
      const auto value = bars.optional(key);
      return value ? read_number(*value, key, diagnostics).value_or(0) : 0;
    };
    e.low = number("low");
    e.high = number("high");
    e.near = number("near");
    bars.finish();
  }
  reader.finish();
  return e;
}

double middle(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

ValidationRow row_of(const std::string& case_name, const Experiment& e, double measured) {
  ValidationRow row;
  row.case_name = case_name;
  row.row = e.name;
  row.metric = e.gap ? "average read latency, tCK" : "cycles, tCK";
  row.simulation = measured;
  const auto [least, greatest] = std::minmax_element(e.references.begin(), e.references.end());
  row.published = middle(e.references);
  row.bar = {Bar::Kind::between, e.low * *least, e.high * *greatest};
  if (e.gap) {
    const double nearest = *std::min_element(e.references.begin(), e.references.end(), [&](double a, double b) {
      return std::abs(a - measured) < std::abs(b - measured);
    });
    row.published = nearest;
    row.bar = {Bar::Kind::between, nearest - e.near, nearest + e.near};
  }
  judge(row);
  return row;
}

}  // namespace

ValidationPlan plan_dram_traces(const ValidationCase& c) {
  Diagnostics diagnostics;
  std::vector<Experiment> experiments;
  std::string part;
  MapReader reader(*c.document, "a case of kind 'dram_traces'", diagnostics);
  accept_common_keys(reader);
  if (const auto node = reader.required("part")) part = read_text(*node, "part", diagnostics).value_or("");
  if (const auto rows = reader.required("rows")) {
    if (const auto* list = read_list(*rows, "rows", diagnostics)) {
      for (const DocumentNodePtr& row : *list) experiments.push_back(read_experiment(*row, diagnostics));
    }
  }
  reader.finish();
  throw_errors(diagnostics);
  ValidationPlan plan;
  for (const Experiment& e : experiments) {
    plan.tasks.emplace_back([e, part] { return measured_text(e, part); });
  }
  plan.rows = [experiments, name = c.name](const std::vector<ForkedOutcome>& outcomes) {
    std::vector<ValidationRow> rows;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      require_finished(outcomes[i], experiments[i].name);
      rows.push_back(row_of(name, experiments[i], std::stod(outcomes[i].text)));
    }
    return rows;
  };
  return plan;
}

}  // namespace loopsim
