#include "cli/NocCommand.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "arch/topologies/TopologyTable.hpp"
#include "base/Diagnostics.hpp"
#include "base/NumberText.hpp"
#include "cli/Terminal.hpp"
#include "report/JsonText.hpp"
#include "sim/noc/FixedTraffic.hpp"
#include "sim/noc/LoadPoint.hpp"
#include "sim/noc/Mesh.hpp"

namespace loopsim {

namespace {

struct NocOptions {
  std::string topology = std::string(topology_table().front().name);
  std::string mesh = "8x8";
  std::int64_t vcs = 1;
  std::int64_t buffer = 8;
  std::int64_t packet = 1;
  std::string traffic = "uniform";
  std::vector<double> rates;
  std::uint64_t seed = 1;
  std::int64_t packets = 1;
  std::int64_t from = -1;
  std::int64_t to = -1;
  std::int64_t hotspot = -1;
  double hotspot_share = 0.2;
  bool json = false;
  bool rate_given = false, seed_given = false, packets_given = false, from_given = false, to_given = false,
       hotspot_given = false, share_given = false;
};

/// What is wrong with the command line. Exit code 2.
struct NocUsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Traffic = std::variant<TrafficPattern, FixedTraffic>;

const std::vector<std::pair<std::string, Traffic>>& traffics() {
  static const std::vector<std::pair<std::string, Traffic>> names = {
      {"uniform", TrafficPattern::uniform}, {"transpose", TrafficPattern::transpose},
      {"hotspot", TrafficPattern::hotspot}, {"neighbor", TrafficPattern::neighbor},
      {"stream", FixedTraffic::stream},     {"gather", FixedTraffic::gather},
      {"scatter", FixedTraffic::scatter},   {"multicast", FixedTraffic::multicast},
      {"reduce", FixedTraffic::reduce},     {"allgather", FixedTraffic::allgather},
  };
  return names;
}

Traffic traffic_named(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [known, traffic] : traffics()) {
    if (known == name) return traffic;
    names.push_back(known);
  }
  const auto near = did_you_mean(name, names);
  throw NocUsageError(
      fmt::format("--traffic: there is no traffic '{}'{}; one of {}", name, near, fmt::join(names, ", ")));
}

std::vector<std::string> topology_names() {
  std::vector<std::string> names;
  for (const TopologyKind& kind : topology_table()) names.emplace_back(kind.name);
  return names;
}

const TopologyKind& topology_named(const std::string& name) {
  if (const TopologyKind* const kind = find_topology(name)) return *kind;
  const std::vector<std::string> names = topology_names();
  throw NocUsageError(fmt::format("--topology: there is no topology '{}'{}; one of {}", name, did_you_mean(name, names),
                                  fmt::join(names, ", ")));
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

MeshSettings mesh_settings(const NocOptions& options) {
  const std::size_t x = options.mesh.find('x');
  const auto width = whole_number(std::string_view(options.mesh).substr(0, x));
  const auto height =
      x == std::string::npos ? std::nullopt : whole_number(std::string_view(options.mesh).substr(x + 1));
  if (!width || !height || *width < 1 || *height < 1) {
    throw NocUsageError(
        fmt::format("--mesh: expected columns x rows, such as 8x8, both at least 1, not '{}'", options.mesh));
  }
  const TopologyKind& kind = topology_named(options.topology);
  if (options.vcs >= 1 && options.vcs < kind.channel_classes) {
    throw NocUsageError(
        fmt::format("--vcs: a {} needs at least {} virtual channels on each link, so that packets cannot "
                    "wait for each other in a circle, not {}",
                    kind.name, kind.channel_classes, options.vcs));
  }
  MeshSettings settings;
  settings.topology = options.topology;
  settings.width = *width;
  settings.height = *height;
  settings.vcs = options.vcs;
  settings.buffer = options.buffer;
  try {
    RouterMap check(settings);
  } catch (const std::invalid_argument& error) {
    throw NocUsageError(error.what());
  }
  if (options.packet < 1 || options.packet > 1'000'000)
    throw NocUsageError("--packet: a packet has 1 to 1000000 flits");
  return settings;
}

TerminalId node_option(const char* name, std::int64_t value, bool given, std::int64_t otherwise,
                       const MeshSettings& mesh) {
  const std::int64_t nodes = mesh.width * mesh.height;
  if (!given) return TerminalId(static_cast<std::size_t>(otherwise));
  if (value < 0 || value >= nodes) {
    throw NocUsageError(
        fmt::format("{}: there is no node {}; the {} has nodes 0 to {}", name, value, mesh.topology, nodes - 1));
  }
  return TerminalId(static_cast<std::size_t>(value));
}

/// Options that this traffic has no use for would be ignored silently.
void refuse(bool given, const char* option, const std::string& traffic) {
  if (given) throw NocUsageError(fmt::format("{} has no meaning with --traffic {}", option, traffic));
}

double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

nlohmann::ordered_json document_of(const LoadPoint& point) {
  nlohmann::ordered_json entry;
  entry["rate"] = point.rate;
  entry["accepted"] = rounded(point.accepted);
  entry["latency"] = point.latency ? nlohmann::ordered_json(rounded(*point.latency)) : nlohmann::ordered_json();
  entry["hops"] = point.hops ? nlohmann::ordered_json(rounded(*point.hops)) : nlohmann::ordered_json();
  entry["saturated"] = point.saturated;
  return entry;
}

std::string table_line(const LoadPoint& point) {
  const auto number = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.2f}", *value) : std::string("-");
  };
  return fmt::format("{:>9.4g} {:>9.4f} {:>9} {:>7}{}\n", point.rate, point.accepted, number(point.latency),
                     number(point.hops), point.saturated ? "  saturated" : "");
}

void measure(const NocOptions& options, const MeshSettings& mesh, TrafficPattern pattern) {
  refuse(options.packets_given, "--packets", options.traffic);
  refuse(options.from_given, "--from", options.traffic);
  refuse(options.to_given, "--to", options.traffic);
  if (pattern != TrafficPattern::hotspot) refuse(options.hotspot_given, "--hotspot", options.traffic);
  if (pattern != TrafficPattern::hotspot) refuse(options.share_given, "--hotspot-share", options.traffic);
  if (pattern == TrafficPattern::transpose && mesh.width != mesh.height) {
    throw NocUsageError(fmt::format("--traffic transpose needs a square {}", mesh.topology));
  }
  if (options.rates.empty()) throw NocUsageError(fmt::format("--traffic {} needs --rate", options.traffic));
  for (const double rate : options.rates) {
    if (!(rate >= 0 && rate <= 1)) {
      throw NocUsageError(fmt::format("--rate: expected flits a node and cycle, 0 to 1, not {:g}", rate));
    }
  }
  if (!(options.hotspot_share >= 0 && options.hotspot_share <= 1)) {
    throw NocUsageError("--hotspot-share: expected a share of the packets, 0 to 1");
  }
  TrafficSettings traffic;
  traffic.pattern = pattern;
  traffic.width = mesh.width;
  traffic.height = mesh.height;
  traffic.hotspot = node_option("--hotspot", options.hotspot, options.hotspot >= 0 || options.hotspot_given,
                                mesh.height / 2 * mesh.width + mesh.width / 2, mesh);
  traffic.hotspot_share = options.hotspot_share;
  nlohmann::ordered_json document = nlohmann::ordered_json::array();
  if (!options.json) std::cout << "  offered  accepted   latency    hops\n";
  for (const double rate : options.rates) {
    const LoadPoint point = during(fmt::format("simulating at rate {:g}", rate),
                                   [&] { return measure_load(mesh, traffic, rate, options.packet, options.seed); });
    if (options.json) {
      document.push_back(document_of(point));
    } else {
      std::cout << table_line(point) << std::flush;
    }
  }
  if (options.json) std::cout << json_text(document);
}

void run_fixed(const NocOptions& options, const MeshSettings& settings, FixedTraffic traffic) {
  refuse(options.rate_given, "--rate", options.traffic);
  refuse(options.hotspot_given, "--hotspot", options.traffic);
  refuse(options.share_given, "--hotspot-share", options.traffic);
  if (options.seed_given)
    std::cerr << "note: --seed is not used: nothing is random with --traffic " << options.traffic << '\n';
  if (options.packets < 1 || options.packets > 1'000'000'000) {
    throw NocUsageError("--packets: expected 1 to 1000000000 packets");
  }
  const std::int64_t nodes = settings.width * settings.height;
  const TerminalId from = node_option("--from", options.from, options.from_given, 0, settings);
  const TerminalId to = node_option("--to", options.to, options.to_given, nodes - 1, settings);
  const bool one_source =
      traffic == FixedTraffic::stream || traffic == FixedTraffic::scatter || traffic == FixedTraffic::multicast;
  const bool one_sink =
      traffic == FixedTraffic::stream || traffic == FixedTraffic::gather || traffic == FixedTraffic::reduce;
  if (options.from_given && !one_source) {
    std::cerr << "note: --from is not used: every node sends with --traffic " << options.traffic << '\n';
  }
  if (options.to_given && !one_sink) {
    std::cerr << "note: --to is not used: every node receives with --traffic " << options.traffic << '\n';
  }
  Mesh mesh(settings);
  const FixedTrafficResult result = during(
      "simulating", [&] { return run_fixed_traffic(mesh, traffic, nodes, from, to, options.packets, options.packet); });
  if (options.json) {
    nlohmann::ordered_json document = nlohmann::ordered_json::array();
    document.push_back({{"cycles", result.cycles}, {"flit_hops", result.flit_hops}});
    std::cout << json_text(document);
    return;
  }
  std::cout << fmt::format("cycles     {:>15}\nflit hops  {:>15}\n", grouped(result.cycles), grouped(result.flit_hops));
}

ExitCode noc(const NocOptions& options) {
  try {
    const Traffic traffic = traffic_named(options.traffic);
    const MeshSettings mesh = mesh_settings(options);
    if (const auto* pattern = std::get_if<TrafficPattern>(&traffic)) {
      measure(options, mesh, *pattern);
    } else {
      run_fixed(options, mesh, std::get<FixedTraffic>(traffic));
    }
    return ExitCode::good;
  } catch (const NocUsageError& error) {
    std::cerr << "error: " << error.what() << '\n';
    return ExitCode::usage;
  }
}

}  // namespace

void add_noc_command(CLI::App& app, CommandResult& result) {
  CLI::App* const command =
      app.add_subcommand("noc", "Simulate a network of routers on chip alone, under synthetic traffic");
  auto options = std::make_shared<NocOptions>();
  NocOptions& o = *options;
  command
      ->add_option("--topology", o.topology,
                   fmt::format("How routers are connected: {}", fmt::join(topology_names(), ", ")))
      ->capture_default_str();
  command->add_option("--mesh", o.mesh, "Columns x rows of routers, a node at each")->capture_default_str();
  command->add_option("--vcs", o.vcs, "Virtual channels a link, 1 to 64")->capture_default_str();
  command->add_option("--buffer", o.buffer, "Flits a virtual channel's buffer holds")->capture_default_str();
  command->add_option("--packet", o.packet, "Flits a packet")->capture_default_str();
  command
      ->add_option("--traffic", o.traffic,
                   "Random: uniform, transpose, hotspot, neighbor; a fixed amount: stream, gather, scatter, multicast, "
                   "reduce, allgather")
      ->capture_default_str();
  auto* const rate = command
                         ->add_option("--rate", o.rates,
                                      "Random traffic: offered flits a node and cycle, 0 to 1; "
                                      "several with commas")
                         ->delimiter(',');
  auto* const seed =
      command->add_option("--seed", o.seed, "Random traffic: seed of the generator")->capture_default_str();
  auto* const hotspot = command->add_option("--hotspot", o.hotspot, "Hotspot: the node (default: in the middle)");
  auto* const share =
      command->add_option("--hotspot-share", o.hotspot_share, "Hotspot: share of the packets that go to it")
          ->capture_default_str();
  auto* const packets =
      command->add_option("--packets", o.packets, "Fixed traffic: packets of each source")->capture_default_str();
  auto* const from = command->add_option("--from", o.from, "Fixed traffic: the source (default: the first node)");
  auto* const to = command->add_option("--to", o.to, "Fixed traffic: the destination (default: the last node)");
  command->add_flag("--json", o.json, "As JSON");
  command->callback([options, rate, seed, hotspot, share, packets, from, to, &result] {
    options->rate_given = rate->count() > 0;
    options->hotspot_given = hotspot->count() > 0;
    options->seed_given = seed->count() > 0;
    options->share_given = share->count() > 0;
    options->packets_given = packets->count() > 0;
    options->from_given = from->count() > 0;
    options->to_given = to->count() > 0;
    result.exit_code = noc(*options);
  });
}

}  // namespace loopsim
