#include "inputs/SimulationKeys.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "arch/FidelityName.hpp"
#include "arch/OperationHint.hpp"
#include "arch/topologies/TopologyTable.hpp"
#include "base/DocumentReader.hpp"

namespace loopsim {

namespace {

using Type = SimulationValueType;

// Far beyond any machine, and small enough that sums and products of a few stay within 64 bits. Time is counted in
// picoseconds, so that a cycle cannot be shorter than one.
constexpr std::int64_t fastest_clock = 1'000'000'000'000;
constexpr std::int64_t most_bits = 1'000'000'000;
constexpr std::int64_t most_word_bits = 65'536;
constexpr std::int64_t most_pes = 1'000'000'000;  // along an axis
constexpr std::int64_t most_picojoules = 1'000'000'000'000'000;
constexpr std::int64_t most_cycles = 1'000'000'000'000;
constexpr std::int64_t most_tiles = 1'000'000;
constexpr std::int64_t most_networks = 16;
constexpr std::int64_t most_ports = 28;  // so that they all fit one router
constexpr std::int64_t most_flits = 4096;
constexpr std::int64_t most_stage_cycles = 1000;
constexpr std::int64_t most_banks = 1024;

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t dot = path.find('.');
    parts.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    path.remove_prefix(dot + 1);
  }
}

/// What a network can be: of routers, or of wires.
std::vector<std::string_view> network_words() {
  std::vector<std::string_view> words;
  for (const TopologyKind& kind : topology_table()) words.push_back(kind.name);
  words.insert(words.end(), {"bus", "crossbar"});
  return words;
}

/// "2, torus 4": of a mesh, then what others have instead, as many of each class.
std::string channels_text() {
  const std::int64_t of_a_class = NocSettings().virtual_channels;
  std::string text = std::to_string(of_a_class);
  for (const TopologyKind& kind : topology_table()) {
    if (kind.channel_classes > 1) text += fmt::format(", {} {}", kind.name, of_a_class * kind.channel_classes);
  }
  return text;
}

/// "0.1, torus 0.15": of a mesh, then what others have instead.
std::string hop_energy_text() {
  const std::vector<TopologyKind>& all = topology_table();
  std::string text = fmt::format("{:g}", all.front().hop_pj_per_bit);
  for (const TopologyKind& kind : all) {
    if (kind.hop_pj_per_bit != all.front().hop_pj_per_bit) {
      text += fmt::format(", {} {:g}", kind.name, kind.hop_pj_per_bit);
    }
  }
  return text;
}

bool stands_for_a_name(std::string_view part) {
  return part == "NAME" || part == "STAGE";
}

/// Reads the tree of settings along the table of keys.
class SettingReader {
 public:
  explicit SettingReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    for (const SimulationKey& key : simulation_keys()) keys_.push_back({&key, split(key.path)});
  }

  std::vector<SimulationSetting> read(const DocumentNode& simulation) {
    read_map(simulation, "simulation", {}, {});
    return std::move(settings_);
  }

 private:
  struct SplitKey {
    const SimulationKey* key;
    std::vector<std::string> parts;
  };

  /// `what` is the way here as written, `prefix` in the table's words; `current` carries the name met on the way.
  void read_map(const DocumentNode& node, const std::string& what, const std::vector<std::string>& prefix,
                const SimulationSetting& current) {
    if (node.is_null()) return;
    if (!node.is_map()) {
      diagnostics_.error(node.where, fmt::format("{}: expected a map with {}, got {}", what,
                                                 stands_for_a_name(next_parts(prefix).front())
                                                     ? "names as keys"
                                                     : fmt::format("keys such as '{}'", next_parts(prefix).front()),
                                                 describe(node)));
      return;
    }
    for (const DocumentEntry& entry : node.entries) read_entry(entry, what, prefix, current);
  }

  void read_entry(const DocumentEntry& entry, const std::string& what, const std::vector<std::string>& prefix,
                  const SimulationSetting& current) {
    const std::vector<std::string> allowed = next_parts(prefix);
    SimulationSetting next = current;
    std::vector<std::string> path = prefix;
    if (stands_for_a_name(allowed.front())) {
      next.name = entry.key;
      next.name_where = entry.key_where;
      path.push_back(allowed.front());
    } else {
      const auto found = std::find_if(allowed.begin(), allowed.end(),
                                      [&](const std::string& part) { return same_key(part, entry.key); });
      if (found == allowed.end()) {
        diagnostics_.error(entry.key_where,
                           fmt::format("unknown key '{}' in {}{}", entry.key, what, did_you_mean(entry.key, allowed)));
        return;
      }
      path.push_back(*found);
    }
    const auto leaf = std::find_if(keys_.begin(), keys_.end(), [&](const SplitKey& key) { return key.parts == path; });
    if (leaf == keys_.end()) {
      read_map(*entry.value, what + "." + entry.key, path, next);
    } else {
      next.key = leaf->key;
      next.where = entry.value->where;
      if (read_value(*entry.value, *leaf->key, next)) settings_.push_back(std::move(next));
    }
  }

  /// The parts that may follow a prefix.
  std::vector<std::string> next_parts(const std::vector<std::string>& prefix) const {
    std::vector<std::string> parts;
    for (const SplitKey& key : keys_) {
      if (key.parts.size() <= prefix.size() || !std::equal(prefix.begin(), prefix.end(), key.parts.begin())) continue;
      const std::string& part = key.parts[prefix.size()];
      if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
    }
    return parts;
  }

  bool read_value(const DocumentNode& node, const SimulationKey& key, SimulationSetting& setting) {
    const std::string what(key.path.substr(key.path.rfind('.') + 1));
    switch (key.type) {
      case Type::integer:
      case Type::integer_or_infinity:
        return read_one(node, key, what, setting.value);
      case Type::number: {
        const NumberRange range{static_cast<double>(key.least), static_cast<double>(key.most)};
        const auto value = read_finite_number(node, what, diagnostics_, range, key.unit);
        if (value) setting.value = *value;
        return value.has_value();
      }
      case Type::boolean: {
        const auto value = read_boolean(node, what, diagnostics_);
        if (value) setting.value = *value;
        return value.has_value();
      }
      case Type::word:
        return read_word(node, key, what, setting);
      case Type::text:
        return read_text(node, key, what, setting);
      case Type::integer_list:
      case Type::integer_or_infinity_pair:
        break;
    }
    return read_integers(node, key, what, setting);
  }

  template <class Value>
  bool read_one(const DocumentNode& node, const SimulationKey& key, const std::string& what, Value& result) {
    const bool may_be_infinite = key.type == Type::integer_or_infinity || key.type == Type::integer_or_infinity_pair;
    if (may_be_infinite && is_infinite(node)) {
      result = IntegerOrInfinity();
      return true;
    }
    const auto value = read_integer(node, what, diagnostics_, {key.least, key.most}, key.unit);
    if (value) result = IntegerOrInfinity(*value);
    return value.has_value();
  }

  bool read_word(const DocumentNode& node, const SimulationKey& key, const std::string& what,
                 SimulationSetting& setting) {
    if (!node.is_scalar() || std::find(key.words.begin(), key.words.end(), node.text) == key.words.end()) {
      const std::vector<std::string> words(key.words.begin(), key.words.end());
      const std::string_view hint = key.path == "einsums.NAME.operation" ? operation_hint(node.text) : "";
      const std::string advice = hint.empty() ? did_you_mean(node.is_scalar() ? node.text : "", words)
                                              : fmt::format("; there are {}. {}", fmt::join(words, ", "), hint);
      diagnostics_.error(node.where, fmt::format("{}: got {}{}", what, describe(node), advice));
      return false;
    }
    setting.value = node.text;
    return true;
  }

  bool read_text(const DocumentNode& node, const SimulationKey& key, const std::string& what,
                 SimulationSetting& setting) {
    if (!node.is_scalar() || node.text.empty()) {
      diagnostics_.error(node.where, fmt::format("{}: expected {}, got {}", what, key.unit, describe(node)));
      return false;
    }
    setting.value = node.text;
    return true;
  }

  bool read_integers(const DocumentNode& node, const SimulationKey& key, const std::string& what,
                     SimulationSetting& setting) {
    if (key.type == Type::integer_or_infinity_pair && !node.is_sequence()) {
      diagnostics_.error(node.where,
                         fmt::format("{}: expected two integers such as [16, 8], got {}", what, describe(node)));
      return false;
    }
    const auto* items = read_list(node, what, diagnostics_);
    if (items == nullptr) return false;
    if (key.type == Type::integer_or_infinity_pair && items->size() != 2) {
      diagnostics_.error(node.where, fmt::format("{}: expected two integers, got {}", what, items->size()));
      return false;
    }
    std::vector<IntegerOrInfinity> values;
    for (const DocumentNodePtr& item : *items) {
      IntegerOrInfinity value;
      if (!read_one(*item, key, what, value)) return false;
      values.push_back(value);
    }
    setting.value = std::move(values);
    return true;
  }

  Diagnostics& diagnostics_;
  std::vector<SplitKey> keys_;
  std::vector<SimulationSetting> settings_;
};

}  // namespace

const std::vector<SimulationKey>& simulation_keys() {
  static const std::string hop_energy = hop_energy_text(), channels = channels_text();
  // A table reads best as one.
  // clang-format off
  static const std::vector<SimulationKey> keys = {
      {"version", Type::integer, "", "1", "version of these keys; 1 is the only one", 1, {}, 1},
      {"clock", Type::integer, "Hz", "1/cycle_time of the architecture, else 1e9", "core clock", 1, {}, fastest_clock},
      {"fidelity", Type::word, "", "bandwidth with an architecture, ideal without",
       "how much of the machine is modelled; each rung keeps the ones before", 0,
       fidelity_names()},
      {"prefetch", Type::integer, "tiles", "1 (ideal machine: 0)",
       "tiles fetched ahead of need into free space; tiles in flight are one more", 0, {}, most_tiles},
      {"pe.mesh", Type::integer_or_infinity_pair, "PEs", "the containers' spatial meshX and meshY, else [inf, inf]",
       "columns and rows of the PE array: extents of mesh axes 0 and 1", 1, {}, most_pes},
      {"pe.partition.STAGE", Type::integer, "columns", "left to right in tree order",
       "columns of a pipeline stage; a stage is named by its einsums, joined by '+'", 1, {}, most_pes},
      {"pe.operation_overhead", Type::integer, "cycles", "0",
       "each tile operation occupies its partition this much longer than its steps", 0, {}, most_cycles},
      {"pe.operation_latency", Type::integer, "cycles", "0",
       "from the last step of a tile operation to its result; the next one may already run", 0, {}, most_cycles},
      {"pe.adder_latency", Type::integer, "cycles", "1",
       "of each level of the adder tree in which sums of several PEs meet, unless a mesh adds them; overlaps the next operation", 0, {}, most_cycles},
      {"pe.hold_results", Type::boolean, "", "false",
       "a finished tile operation keeps its partition until the results before it are written back, and is in flight until its own are", 0, {}},
      {"levels.NAME.size", Type::integer_or_infinity, "bits", "depth × width of the component, else inf",
       "capacity of one instance of a memory", 1, {}},
      {"levels.NAME.datawidth", Type::integer, "bits", "datawidth of the component, else 8",
       "bits of one word of a tensor that does not say otherwise", 1, {}, most_word_bits},
      {"levels.NAME.width", Type::integer, "bits", "width of the component, else its datawidth",
       "bits that one access moves", 1, {}, most_bits},
      {"levels.NAME.bandwidth", Type::integer_or_infinity, "bits/s", "from the component's bandwidths or ports, else inf",
       "of one instance, shared by reads and writes; a bandwidth here replaces all of the component", 1, {}},
      {"levels.NAME.read_bandwidth", Type::integer_or_infinity, "bits/s", "from the component's bandwidths or ports",
       "of one instance, for reads alone", 1, {}},
      {"levels.NAME.write_bandwidth", Type::integer_or_infinity, "bits/s", "from the component's bandwidths or ports",
       "of one instance, for writes alone", 1, {}},
      {"levels.NAME.latency", Type::integer, "cycles", "latency of the component, else 0",
       "from a request to the first data; overlaps other transfers", 0, {}, most_cycles},
      {"levels.NAME.transfer_overhead", Type::integer, "cycles", "0",
       "each transfer occupies its port this much longer", 0, {}, most_cycles},
      {"levels.NAME.refetch", Type::boolean, "", "false", "fill every tile whole, reusing nothing from the one before", 0, {}},
      {"levels.NAME.early_write_back", Type::boolean, "", "false",
       "write a result back as soon as its last update is done, not at the end of its tile", 0, {}},
      {"levels.NAME.copy_bandwidth", Type::integer_or_infinity, "bits/s", "inf",
       "of transfers within the level, one after the other, beside its ports", 1, {}},
      {"levels.NAME.banks", Type::integer, "", "not banked",
       "banks of level 1; on the rung glb they stand in for its bandwidth", 1, {}, most_banks},
      {"levels.NAME.line_bits", Type::integer, "bits", "width of the level", "of a line, which a bank accesses in a cycle", 1, {}, most_bits},
      {"levels.NAME.bank_ports", Type::word, "", "single",
       "what a bank does in a cycle: an access, or a read and a write", 0, {"single", "dual"}},
      {"dram.burst", Type::integer, "bits", "512", "transfers of the outermost memory are cut into bursts of this size", 1, {}, most_bits},
      {"dram.separate_channels", Type::boolean, "", "false",
       "reads and writes each have a channel of the full bandwidth", 0, {}},
      {"dram.part", Type::text, "a part", "by the type of the outermost memory, else ddr4-2400-17",
       "JEDEC part of the outermost memory: a shipped one (loopsim dram --parts), or the path of a part's file", 0, {}},
      {"dram.mapping", Type::text, "fields", "row:bank:bankgroup:column",
       "fields of an address, most significant first; rank and channel go on top where not named", 0, {}},
      {"dram.channels", Type::integer, "channels", "1", "channels of that part, a power of two", 1, {}, 1024},
      {"dram.ranks", Type::integer, "ranks", "the part's", "ranks of a channel, a power of two", 1, {}, 64},
      {"dram.queue", Type::integer, "bursts", "32", "reads, and as many writes, that wait in a channel", 1, {}, 65536},
      {"dram.scheduler", Type::word, "", "frfcfs", "bursts to open rows first, or in order", 0, {"frfcfs", "fcfs"}},
      {"dram.page", Type::word, "", "open", "rows stay open, or are closed after every burst", 0, {"open", "closed"}},
      {"dram.refresh", Type::word, "", "all", "all banks of a rank at once, one by one, or never", 0,
       {"all", "bank", "off"}},
      {"noc.bandwidth", Type::integer_or_infinity, "bits/s", "inf", "of the link between global buffer and PE array", 1, {}},
      {"noc.latency", Type::integer, "cycles", "0", "of that link", 0, {}, most_cycles},
      {"noc.topology", Type::word, "", "mesh", "of the network that takes that link's place on the rung noc", 0, network_words()},
      {"noc.flit", Type::integer, "bits", "width of the global buffer, else 64", "what a link of the network carries in a cycle", 1, {}, most_bits},
      {"noc.networks", Type::integer, "", "3", "networks side by side; the operands of an einsum go round them, outputs last", 1, {}, most_networks},
      {"noc.buffer_ports", Type::integer, "", "one for each column", "where the global buffer enters the network, along its top edge", 1, {}, most_ports},
      {"noc.side_ports", Type::integer, "", "one for each row", "the same along its left edge; a packet enters at the edge that suits the PEs it goes to", 1, {}, most_ports},
      {"noc.dram_ports", Type::integer, "", "1", "where main memory enters the network, along its bottom edge", 1, {}, most_ports},
      {"noc.virtual_channels", Type::integer, "", channels, "of each link", 1, {}, 64},
      {"noc.buffer", Type::integer, "flits", "8", "of each virtual channel at the input of a router", 1, {}, most_flits},
      {"noc.routing_delay", Type::integer, "cycles", "0", "of a router's first stage", 0, {}, most_stage_cycles},
      {"noc.vc_allocation_delay", Type::integer, "cycles", "1", "of a router's second stage", 1, {}, most_stage_cycles},
      {"noc.switch_allocation_delay", Type::integer, "cycles", "1", "of a router's third stage", 1, {}, most_stage_cycles},
      {"noc.switch_traversal_delay", Type::integer, "cycles", "1", "of a router's fourth stage", 0, {}, most_stage_cycles},
      {"noc.link_delay", Type::integer, "cycles", "1", "from a router to the next", 0, {}, most_stage_cycles},
      {"noc.credit_delay", Type::integer, "cycles", "1", "until a credit that has come back can be used", 0, {}, most_stage_cycles},
      {"noc.hop_energy", Type::number, "pJ/bit", hop_energy, "of a flit through a router and over the link behind it", 0, {}, most_picojoules},
      {"tensors.NAME.shape", Type::integer_list, "words", "from the projections",
       "extents of a tensor, from 0; one shape anywhere means zero padding everywhere", 1, {}},
      {"tensors.NAME.bits", Type::integer, "bits", "datawidth of each level", "bits of one word of a tensor", 1, {}, most_word_bits},
      {"tensors.NAME.fill_after_copies", Type::boolean, "", "false",
       "a fill from main memory, and those behind it, wait while there is a transfer within the level it goes to", 0, {}},
      {"tensors.NAME.layout", Type::text, "a layout", "row-major, the last dimension in the line",
       "order of a tensor's lines in the banks of level 1 and what a line holds: `HWC_C32`, `HWC_C4W8`, `HWC_C`, "
       "`H, W, C / C:32`", 0, {}},
      {"tensors.NAME.first_bank", Type::integer, "", "tensors take banks in turn",
       "bank of a tensor's line 0, modulo the number of banks", 0, {}, most_tiles},
      {"einsums.NAME.operation", Type::word, "", "mac", "what one operation does with its operands", 0,
       {"mac", "add", "sub", "mul", "max", "exp", "div", "relu", "copy"}},
      {"einsums.NAME.steps", Type::integer, "steps", "1", "steps of the PE array that one operation takes", 1, {}, most_cycles},
      {"einsums.NAME.energy", Type::number, "pJ", "from the ERT or the default table", "energy of one operation", 0, {}, most_picojoules},
  };
  // clang-format on
  return keys;
}

std::string type_text(const SimulationKey& key) {
  switch (key.type) {
    case Type::integer:
      if (key.least == key.most) return std::to_string(key.least);
      if (key.most == IntegerRange{}.high) return fmt::format("integer ≥ {}", key.least);
      return fmt::format("integer, {} to {}", key.least, key.most);
    case Type::integer_or_infinity:
      return fmt::format("integer ≥ {}, or inf", key.least);
    case Type::number:
      return fmt::format("number, {} to {:g}", key.least, static_cast<double>(key.most));
    case Type::boolean:
      return "true or false";
    case Type::word:
      return fmt::format("{}", fmt::join(key.words, ", "));
    case Type::text:
      return "text";
    case Type::integer_list:
      return fmt::format("list of integers ≥ {}", key.least);
    case Type::integer_or_infinity_pair:
      return fmt::format("two integers, {} to {}, or inf", key.least, key.most);
  }
  return "";
}

std::vector<const SimulationKey*> find_simulation_keys(std::string_view path) {
  std::vector<std::string> wanted = split(path);
  if (wanted.front() == "simulation") wanted.erase(wanted.begin());
  std::vector<const SimulationKey*> found;
  for (const SimulationKey& key : simulation_keys()) {
    const std::vector<std::string> parts = split(key.path);
    const bool matches =
        wanted.size() <= parts.size() &&
        std::equal(wanted.begin(), wanted.end(), parts.begin(), [](const auto& word, const auto& part) {
          return stands_for_a_name(part) ? !word.empty() : same_key(word, part);
        });
    if (matches) found.push_back(&key);
  }
  if (!found.empty() || wanted.size() != 1) return found;
  for (const SimulationKey& key : simulation_keys()) {
    if (same_key(split(key.path).back(), wanted.front())) found.push_back(&key);
  }
  return found;
}

std::vector<SimulationSetting> read_simulation(const DocumentNode& simulation, Diagnostics& diagnostics) {
  return SettingReader(diagnostics).read(simulation);
}

}  // namespace loopsim
