#include "arch/dram/DramPartLoader.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <limits>

#include "base/DocumentReader.hpp"
#include "base/TextFile.hpp"

namespace loopsim {
namespace {

constexpr std::int64_t most_cycles = 1'000'000;

std::vector<std::string> names_of_parameters(const DramParameters& parameters) {
  std::vector<std::string> names;
  for (const auto& [name, value] : parameters) names.push_back(name);
  return names;
}

void read_power_of_two(MapReader& map, std::string_view key, std::int64_t& value, std::int64_t high, bool required,
                       Diagnostics& diagnostics, std::string_view unit = {}) {
  const DocumentNodePtr node = required ? map.required(key) : map.optional(key);
  if (!node) return;
  const auto number = read_integer(*node, key, diagnostics, {1, high}, unit);
  if (!number) return;
  if ((*number & (*number - 1)) != 0) {
    diagnostics.error(node->where, fmt::format("{}: expected a power of two, got {}", key, *number));
    return;
  }
  value = *number;
}

void read_organisation(const DocumentNode& node, DramOrganisation& organisation, Diagnostics& diagnostics) {
  MapReader map(node, "the organisation", diagnostics);
  if (!map.is_map()) return;
  read_power_of_two(map, "width", organisation.width_bits, 4096, true, diagnostics, "bits");
  read_power_of_two(map, "ranks", organisation.ranks, 64, false, diagnostics);
  read_power_of_two(map, "bank_groups", organisation.bank_groups, 64, false, diagnostics);
  read_power_of_two(map, "banks", organisation.banks, 64, true, diagnostics);
  read_power_of_two(map, "rows", organisation.rows, std::int64_t(1) << 30, true, diagnostics);
  read_power_of_two(map, "columns", organisation.columns, 1 << 20, true, diagnostics);
  read_power_of_two(map, "burst_length", organisation.burst_length, 256, true, diagnostics);
  read_power_of_two(map, "beats_per_clock", organisation.beats_per_clock, 64, false, diagnostics);
  read_power_of_two(map, "command_buses", organisation.command_buses, 2, false, diagnostics);
  map.finish();
  if (diagnostics.has_errors()) return;
  if (organisation.burst_length < organisation.beats_per_clock) {
    diagnostics.error(node.where, fmt::format("a burst of {} beats is shorter than a clock of {}",
                                              organisation.burst_length, organisation.beats_per_clock));
  }
  if (organisation.columns < organisation.burst_length) {
    diagnostics.error(node.where, fmt::format("a row of {} columns is shorter than a burst of {}", organisation.columns,
                                              organisation.burst_length));
  }
  if (organisation.burst_length * organisation.width_bits < 8) {
    diagnostics.error(node.where, "a burst is less than a byte");
  }
}

void read_timing(const DocumentNode& node, DramPart& part, Diagnostics& diagnostics) {
  MapReader map(node, "the timing", diagnostics);
  if (!map.is_map()) return;
  part.timing["tBURST"] = part.organisation.burst_cycles().value;
  for (const DramTimingKey& key : dram_timing_keys()) {
    const DocumentNodePtr value = key.fallback.empty() ? map.required(key.name) : map.optional(key.name);
    std::int64_t cycles = 0;
    if (value) {
      cycles = read_integer(*value, key.name, diagnostics, {key.fallback.empty() ? 1 : 0, most_cycles}, "cycles")
                   .value_or(0);
    } else if (!key.fallback.empty()) {
      const auto fallback = evaluate_dram_formula(key.fallback, part.timing);
      if (const auto* number = std::get_if<std::int64_t>(&fallback)) cycles = *number;
    }
    part.timing[std::string(key.name)] = cycles;
  }
  map.finish();
  if (diagnostics.has_errors()) return;
  const auto refreshes_in_time = [&](std::string_view interval, std::string_view duration) {
    if (part.parameter(duration).value == 0 || part.parameter(interval) > part.parameter(duration)) return;
    diagnostics.error(node.where,
                      fmt::format("{} of {} leaves no time beside {} of {}", interval, part.parameter(interval).value,
                                  duration, part.parameter(duration).value));
  };
  refreshes_in_time("tREFI", "tRFC");
  refreshes_in_time("tREFIpb", "tpbR2pbR");
}

std::vector<JedecCommand> read_commands(const DocumentNodePtr& node, std::string_view what, Diagnostics& diagnostics) {
  std::vector<JedecCommand> commands;
  if (!node) return commands;
  const auto* items = read_list(*node, what, diagnostics);
  if (items == nullptr) return commands;
  std::vector<std::string> names;
  for (const JedecCommand command : jedec_commands) names.emplace_back(name_of(command));
  for (const DocumentNodePtr& item : *items) {
    const auto name = read_text(*item, what, diagnostics);
    if (!name) continue;
    if (const auto command = jedec_command_of(*name)) {
      commands.push_back(*command);
    } else {
      diagnostics.error(item->where,
                        fmt::format("{}: there is no command '{}'{}", what, *name, did_you_mean(*name, names)));
    }
  }
  if (items->empty()) diagnostics.error(node->where, fmt::format("{}: expected at least one command", what));
  return commands;
}

std::optional<DramLevel> read_level(const DocumentNode& node, Diagnostics& diagnostics) {
  const auto text = read_text(node, "level", diagnostics);
  if (!text) return std::nullopt;
  std::vector<std::string> names;
  for (const auto level : {DramLevel::channel, DramLevel::rank, DramLevel::bank_group, DramLevel::bank}) {
    if (name_of(level) == *text) return level;
    names.emplace_back(name_of(level));
  }
  diagnostics.error(node.where, fmt::format("level: there is no '{}'{}", *text, did_you_mean(*text, names)));
  return std::nullopt;
}

void read_constraint(const DocumentNode& node, DramPart& part, Diagnostics& diagnostics) {
  MapReader map(node, "a constraint", diagnostics);
  if (!map.is_map()) return;
  DramConstraint constraint;
  const DocumentNodePtr level = map.required("level");
  if (level) constraint.level = read_level(*level, diagnostics).value_or(constraint.level);
  constraint.preceding = read_commands(map.required("preceding"), "preceding", diagnostics);
  constraint.following = read_commands(map.required("following"), "following", diagnostics);
  if (const DocumentNodePtr cycles = map.required("cycles")) {
    if (const auto text = read_text(*cycles, "cycles", diagnostics)) {
      const auto value = evaluate_dram_formula(*text, part.timing);
      if (const auto* error = std::get_if<FormulaError>(&value)) {
        const std::string message = error->word.empty()
                                        ? "expected a sum of timing parameters and whole numbers"
                                        : fmt::format("there is no parameter '{}'{}", error->word,
                                                      did_you_mean(error->word, names_of_parameters(part.timing)));
        diagnostics.error(position_within(*cycles, error->offset), "cycles: " + message);
      } else {
        constraint.cycles = DramCycles(std::get<std::int64_t>(value));
        constraint.formula = *text;
      }
    }
  }
  if (const DocumentNodePtr window = map.optional("window")) {
    constraint.window = static_cast<int>(read_integer(*window, "window", diagnostics, {1, 64}).value_or(1));
  }
  if (const DocumentNodePtr sibling = map.optional("other_ranks")) {
    constraint.sibling = read_boolean(*sibling, "other_ranks", diagnostics).value_or(false);
    if (constraint.sibling && (constraint.level != DramLevel::rank || constraint.window != 1)) {
      diagnostics.error(sibling->where, "other_ranks: only for the level 'rank' and a window of 1");
    }
  }
  map.finish();
  for (const auto* commands : {&constraint.preceding, &constraint.following}) {
    const bool fits = constraint.level == DramLevel::channel || constraint.level == DramLevel::rank ||
                      std::none_of(commands->begin(), commands->end(), is_rank_wide);
    if (!fits) diagnostics.error(node.where, "PREA and REF concern a rank: expected the level 'rank' or 'channel'");
  }
  part.constraints.push_back(std::move(constraint));
}

std::vector<JedecCommand> commands_in(std::string_view words) {
  std::vector<JedecCommand> commands;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    commands.push_back(jedec_command_of(words.substr(0, end)).value());
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return commands;
}

/// Rows that never hold anything back are left out.
void add_generic_constraints(DramPart& part) {
  for (const DramConstraintRule& rule : generic_dram_constraints()) {
    const auto cycles = DramCycles(std::get<std::int64_t>(evaluate_dram_formula(rule.cycles, part.timing)));
    if (cycles <= DramCycles(0)) continue;
    part.constraints.push_back({rule.level, commands_in(rule.preceding), commands_in(rule.following), cycles,
                                rule.window, rule.sibling, std::string(rule.cycles)});
  }
}

void read_positive(MapReader& map, std::string_view key, std::string_view unit, double& value, bool required, bool zero,
                   Diagnostics& diagnostics) {
  const DocumentNodePtr node = required ? map.required(key) : map.optional(key);
  if (!node) return;
  const auto number = read_number(*node, key, diagnostics, unit);
  if (!number) return;
  if (*number < 0 || (*number == 0 && !zero) || *number > 1e6) {
    diagnostics.error(node->where, fmt::format("{}: expected a {} number up to 1e6{}, got {}", key,
                                               zero ? "non-negative" : "positive",
                                               unit.empty() ? "" : fmt::format(" ({})", unit), describe(*node)));
    return;
  }
  value = *number;
}

DramPower read_power(const DocumentNode& node, Diagnostics& diagnostics) {
  DramPower power;
  MapReader map(node, "the power", diagnostics);
  if (!map.is_map()) return power;
  read_positive(map, "devices", "", power.devices, true, false, diagnostics);
  if (const DocumentNodePtr list = map.required("supplies")) {
    if (const auto* items = read_list(*list, "supplies", diagnostics)) {
      for (const DocumentNodePtr& item : *items) {
        MapReader entry(*item, "a supply", diagnostics);
        if (!entry.is_map()) continue;
        DramSupply supply;
        read_positive(entry, "volts", "V", supply.volts, true, false, diagnostics);
        read_positive(entry, "IDD0", "mA", supply.idd0, true, true, diagnostics);
        read_positive(entry, "IDD2N", "mA", supply.idd2n, true, true, diagnostics);
        read_positive(entry, "IDD3N", "mA", supply.idd3n, true, true, diagnostics);
        read_positive(entry, "IDD4R", "mA", supply.idd4r, true, true, diagnostics);
        read_positive(entry, "IDD4W", "mA", supply.idd4w, true, true, diagnostics);
        read_positive(entry, "IDD5B", "mA", supply.idd5b, true, true, diagnostics);
        read_positive(entry, "IDD5PB", "mA", supply.idd5pb, false, true, diagnostics);
        entry.finish();
        power.supplies.push_back(supply);
      }
      if (items->empty()) diagnostics.error(list->where, "supplies: expected at least one");
    }
  }
  map.finish();
  return power;
}

}  // namespace

const std::vector<DramTimingKey>& dram_timing_keys() {
  static const std::vector<DramTimingKey> keys = {
      {"tCL", "", "RD to its first data (read latency)"},
      {"tCWL", "", "WR to its first data (write latency)"},
      {"tDQSCK", "0", "further delay of read data (LPDDR4)"},
      {"tDQSS", "0", "further delay of write data (LPDDR4)"},
      {"tRCDRD", "", "ACT to RD"},
      {"tRCDWR", "tRCDRD", "ACT to WR"},
      {"tRAS", "", "ACT to PRE"},
      {"tRPpb", "", "PRE to ACT"},
      {"tRPab", "tRPpb", "PREA to ACT"},
      {"tRC", "tRAS + tRPpb", "ACT to ACT of the same bank"},
      {"tRRD_S", "", "ACT to ACT of another bank group"},
      {"tRRD_L", "tRRD_S", "ACT to ACT of the same bank group"},
      {"tFAW", "0", "window in which a rank takes four ACT"},
      {"tCCD_S", "", "RD to RD, WR to WR of another bank group"},
      {"tCCD_L", "tCCD_S", "RD to RD, WR to WR of the same bank group"},
      {"tRTP", "", "RD to PRE"},
      {"tWR", "", "last write data to PRE"},
      {"tWTR_S", "", "last write data to RD of another bank group"},
      {"tWTR_L", "tWTR_S", "last write data to RD of the same bank group"},
      {"tRTW", "2", "gap on the data bus between read and write data"},
      {"tRTRS", "1", "gap on the data bus between data of two ranks"},
      {"tPPD", "0", "PRE to PRE"},
      {"tREFI", "", "interval of REF"},
      {"tRFC", "", "REF to ACT"},
      {"tREFIpb", "0", "interval of REFpb, over all banks of a rank"},
      {"tRFCpb", "0", "REFpb to ACT of that bank; 0: the part has no REFpb"},
      {"tRREFD", "0", "REFpb to ACT of another bank"},
      {"tpbR2pbR", "0", "REFpb to REFpb of another bank"},
  };
  return keys;
}

DramPart read_dram_part(const DocumentNode& document, std::string name, Diagnostics& diagnostics) {
  DramPart part;
  part.name = std::move(name);
  MapReader map(document, "a DRAM part", diagnostics);
  if (!map.is_map()) return part;
  if (const DocumentNodePtr source = map.required("source")) {
    part.source = read_text(*source, "source", diagnostics).value_or("");
  }
  if (const DocumentNodePtr clock = map.required("clock")) {
    constexpr std::int64_t most_hertz = 100'000'000'000;
    part.clock_hz = read_integer(*clock, "clock", diagnostics, {1'000'000, most_hertz}, "Hz").value_or(0);
  }
  const DocumentNodePtr organisation = map.required("organisation");
  const DocumentNodePtr timing = map.required("timing");
  const DocumentNodePtr constraints = map.optional("constraints");
  const DocumentNodePtr power = map.optional("power");
  map.finish();
  if (organisation) read_organisation(*organisation, part.organisation, diagnostics);
  if (timing) read_timing(*timing, part, diagnostics);
  if (power) part.power = read_power(*power, diagnostics);
  if (timing && organisation && !diagnostics.has_errors()) add_generic_constraints(part);
  if (constraints) {
    if (const auto* items = read_list(*constraints, "constraints", diagnostics)) {
      for (const DocumentNodePtr& item : *items) read_constraint(*item, part, diagnostics);
    }
  }
  if (part.timing.count("tRFCpb") != 0 && part.refreshes_banks() && part.parameter("tREFIpb").value == 0) {
    diagnostics.error(timing->where, "tRFCpb needs tREFIpb, the interval of per-bank refreshes");
  }
  return part;
}

namespace {

/// Nothing that is in a file is shown before it is clear that it is a part: an input may name any file.
DocumentNodePtr read_part_file(const std::string& path, Diagnostics& diagnostics) {
  const auto refuse = [&](const std::string& reason) {
    diagnostics.error({}, fmt::format("'{}' {}", path, reason));
    return nullptr;
  };
  constexpr ReadLimits limits{true, std::size_t(1) << 20};
  Diagnostics hidden;
  bool missing = false;
  const std::shared_ptr<const SourceText> source = read_text_file(path, hidden, missing, limits);
  if (!source) {
    refuse(hidden.all().front().message);
    if (missing) throw MissingInputError(diagnostics);
    return nullptr;
  }
  DocumentNodePtr document = parse_document(source, hidden);
  if (!document) {
    const int line = hidden.all().front().where.line;
    return refuse(fmt::format("is no DRAM part: it is not YAML{}", line > 0 ? fmt::format(" (line {})", line) : ""));
  }
  const auto has_map = [&](std::string_view key) {
    return std::any_of(document->entries.begin(), document->entries.end(), [key](const DocumentEntry& entry) {
      return entry.key == key && entry.value && entry.value->is_map();
    });
  };
  if (!document->is_map() || !has_map("organisation") || !has_map("timing")) {
    return refuse("is no DRAM part: expected 'source', 'clock', and the maps 'organisation' and 'timing'");
  }
  diagnostics.append(hidden);
  return document;
}

}  // namespace

DramPart load_dram_part(const std::string& name_or_path) {
  Diagnostics diagnostics;
  DocumentNodePtr document;
  std::string name = name_or_path;
  const auto& shipped = shipped_dram_parts();
  const auto found =
      std::find_if(shipped.begin(), shipped.end(), [&](const DramPartText& part) { return part.name == name_or_path; });
  if (found != shipped.end()) {
    document = parse_document(
        std::make_shared<SourceText>(SourceText{"part:" + std::string(found->name), std::string(found->text)}),
        diagnostics);
  } else {
    const std::filesystem::path path = name_or_path;
    if (!path.has_parent_path() && path.extension() != ".yaml" && path.extension() != ".yml") {
      std::vector<std::string> names;
      for (const DramPartText& part : shipped) names.emplace_back(part.name);
      diagnostics.error({},
                        fmt::format("there is no DRAM part '{}'{}", name_or_path, did_you_mean(name_or_path, names)));
      throw MissingInputError(diagnostics);
    }
    document = read_part_file(name_or_path, diagnostics);
    name = path.stem().string();
  }
  if (document) {
    DramPart part = read_dram_part(*document, name, diagnostics);
    if (!diagnostics.has_errors()) return part;
  }
  throw InputError(diagnostics);
}

}  // namespace loopsim
