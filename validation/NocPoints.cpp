#include "validation/NocPoints.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "sim/noc/FixedTraffic.hpp"
#include "sim/noc/LoadPoint.hpp"
#include "sim/noc/Mesh.hpp"

namespace loopsim {

namespace {

using Json = nlohmann::ordered_json;

/// Uniform random traffic on 8x8 routers.
struct RandomPoint {
  double rate = 0;
  std::int64_t flits = 1;
  std::int64_t vcs = 1;
  std::optional<double> latency;    ///< published; cycles
  std::optional<double> saturated;  ///< published: what it accepts beyond saturation
  Bar bar;
};

/// A fixed amount of traffic, for which there is a law.
struct FixedPoint {
  FixedTraffic traffic = FixedTraffic::stream;
  std::int64_t side = 8;
  std::int64_t vcs = 1;
  std::int64_t flits = 1;
  std::int64_t packets = 1;
};

MeshSettings mesh_of(std::int64_t side, std::int64_t vcs) {
  MeshSettings settings;
  settings.width = side;
  settings.height = side;
  settings.vcs = vcs;
  return settings;
}

std::string measured_text(const RandomPoint& point) {
  constexpr std::int64_t side = 8;
  constexpr std::uint64_t seed = 7;
  TrafficSettings traffic;
  traffic.width = side;
  traffic.height = side;
  const LoadPoint load = measure_load(mesh_of(side, point.vcs), traffic, point.rate, point.flits, seed);
  Json json = {{"accepted", load.accepted}, {"saturated", load.saturated}, {"latency", nullptr}, {"hops", nullptr}};
  if (load.latency) json["latency"] = *load.latency;
  if (load.hops) json["hops"] = *load.hops;
  return json.dump();
}

std::string measured_text(const FixedPoint& point) {
  Mesh mesh(mesh_of(point.side, point.vcs));
  const std::int64_t nodes = point.side * point.side;
  const TerminalId last(static_cast<std::size_t>(nodes - 1));
  const bool stream = point.traffic == FixedTraffic::stream;
  const FixedTrafficResult result = run_fixed_traffic(mesh, point.traffic, nodes, TerminalId(0),
                                                      stream ? last : TerminalId(0), point.packets, point.flits);
  return std::to_string(result.cycles);
}

/// BookSim2's law, in the reference's README: stream from corner to corner, or gather into a corner.
double law_of(const FixedPoint& point) {
  const std::int64_t v = point.vcs == 1 ? 1 : 0;
  const std::int64_t routers = 2 * (point.side - 1) + 1;
  if (point.traffic == FixedTraffic::stream) {
    return static_cast<double>(point.packets * (point.flits + v) + 4 * routers + 2 - v);
  }
  return static_cast<double>(point.packets * point.side * point.side * (point.flits + v) + 6 - v);
}

std::optional<double> number(MapReader& reader, const char* key, Diagnostics& diagnostics) {
  const auto node = reader.optional(key);
  return node ? read_number(*node, key, diagnostics) : std::nullopt;
}

std::int64_t integer(MapReader& reader, const char* key, Diagnostics& diagnostics) {
  const auto node = reader.optional(key);
  return node ? read_integer(*node, key, diagnostics, {1, 1 << 20}).value_or(1) : 1;
}

RandomPoint read_random(const DocumentNode& node, Diagnostics& diagnostics) {
  RandomPoint point;
  MapReader reader(node, "a point of random traffic", diagnostics);
  if (const auto rate = reader.required("rate")) point.rate = read_number(*rate, "rate", diagnostics).value_or(0);
  point.flits = integer(reader, "flits", diagnostics);
  point.vcs = integer(reader, "vcs", diagnostics);
  point.latency = number(reader, "latency", diagnostics);
  point.saturated = number(reader, "saturated", diagnostics);
  point.bar = read_bar(reader.optional("bar"), diagnostics);
  reader.finish();
  return point;
}

FixedPoint read_fixed(const DocumentNode& node, Diagnostics& diagnostics) {
  FixedPoint point;
  MapReader reader(node, "a point of fixed traffic", diagnostics);
  if (const auto traffic = reader.required("traffic")) {
    if (traffic->text == "gather") {
      point.traffic = FixedTraffic::gather;
    } else if (traffic->text != "stream") {
      diagnostics.error(traffic->where, "expected stream or gather");
    }
  }
  point.side = integer(reader, "side", diagnostics);
  point.vcs = integer(reader, "vcs", diagnostics);
  point.flits = integer(reader, "flits", diagnostics);
  point.packets = integer(reader, "packets", diagnostics);
  reader.finish();
  return point;
}

ValidationRow base_row(const ValidationCase& c, std::string name, std::string metric, std::optional<double> published,
                       Bar bar) {
  ValidationRow row;
  row.case_name = c.name;
  row.row = std::move(name);
  row.metric = std::move(metric);
  row.published = published;
  row.bar = bar;
  return row;
}

void add_random_rows(const ValidationCase& c, const RandomPoint& point, const Json& measured,
                     std::vector<ValidationRow>& rows) {
  constexpr double accepted_bar = 0.02;
  const std::string name =
      fmt::format("{:.2f} offered, {} flit{}, {} VC", point.rate, point.flits, point.flits == 1 ? "" : "s", point.vcs);
  const auto add = [&](ValidationRow row, std::optional<double> ours) {
    row.simulation = ours;
    judge(row);
    rows.push_back(std::move(row));
  };
  if (point.saturated) {
    // A point that does not saturate misses the bar, whatever it accepts.
    const auto ours =
        measured["saturated"].get<bool>() ? std::optional(measured["accepted"].get<double>()) : std::optional<double>();
    add(base_row(c, name, "accepted when saturated, flits/node/cycle", point.saturated, point.bar), ours);
    return;
  }
  const bool usable = !measured["saturated"].get<bool>() && !measured["latency"].is_null();
  const auto figure = [&](const char* key) {
    return usable ? std::optional(measured[key].get<double>()) : std::optional<double>();
  };
  add(base_row(c, name, "average latency, cycles", point.latency, point.bar), figure("latency"));
  add(base_row(c, name, "accepted, flits/node/cycle", point.rate, {Bar::Kind::within, accepted_bar, 0}),
      figure("accepted"));
}

}  // namespace

ValidationPlan plan_noc_points(const ValidationCase& c) {
  Diagnostics diagnostics;
  std::vector<RandomPoint> random;
  std::vector<FixedPoint> fixed;
  MapReader reader(*c.document, "a case of kind 'noc_points'", diagnostics);
  accept_common_keys(reader);
  for_each_item(reader, "random", diagnostics,
                [&](const DocumentNode& item) { random.push_back(read_random(item, diagnostics)); });
  for_each_item(reader, "fixed", diagnostics,
                [&](const DocumentNode& item) { fixed.push_back(read_fixed(item, diagnostics)); });
  reader.finish();
  throw_errors(diagnostics);
  ValidationPlan plan;
  for (const RandomPoint& point : random) plan.tasks.emplace_back([point] { return measured_text(point); });
  for (const FixedPoint& point : fixed) plan.tasks.emplace_back([point] { return measured_text(point); });
  plan.rows = [c, random, fixed](const std::vector<ForkedOutcome>& outcomes) {
    std::vector<ValidationRow> rows;
    for (const ForkedOutcome& outcome : outcomes) require_finished(outcome, "noc");
    for (std::size_t i = 0; i < random.size(); ++i) {
      add_random_rows(c, random[i], Json::parse(outcomes[i].text), rows);
    }
    for (std::size_t i = 0; i < fixed.size(); ++i) {
      const FixedPoint& point = fixed[i];
      const char* const what = point.traffic == FixedTraffic::stream ? "stream" : "gather";
      ValidationRow row = base_row(c,
                                   fmt::format("{} {}x{}, {} VC, {} x {} flits", what, point.side, point.side,
                                               point.vcs, point.packets, point.flits),
                                   "cycles", law_of(point), {Bar::Kind::exact, 0, 0});
      row.simulation = std::stod(outcomes[random.size() + i].text);
      judge(row);
      rows.push_back(std::move(row));
    }
    return rows;
  };
  return plan;
}

}  // namespace loopsim
