#include "inputs/Inputs.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <system_error>

#include "arch/EnergyReferenceTable.hpp"
#include "arch/EnergyTable.hpp"
#include "base/Document.hpp"
#include "base/DocumentReader.hpp"
#include "base/NameList.hpp"
#include "base/Sha256.hpp"
#include "base/TextFile.hpp"
#include "inputs/ArchitectureLoader.hpp"
#include "inputs/ForeignText.hpp"
#include "inputs/IdealLevels.hpp"
#include "inputs/InputDialect.hpp"
#include "inputs/MergedDocument.hpp"
#include "inputs/TimeBound.hpp"
#include "inputs/settings/ApplySettings.hpp"
#include "inputs/settings/SimulationReader.hpp"
#include "mapping/LoopTreeLoader.hpp"
#include "workloads/Presets.hpp"
#include "workloads/WorkloadLoader.hpp"

namespace loopsim {

namespace {

constexpr std::string_view preset_prefix = "preset:";

std::shared_ptr<const SourceText> read_preset(const std::string& path, Diagnostics& diagnostics, bool& missing) {
  const std::string name = path.substr(preset_prefix.size());
  if (const auto text = preset_text(name)) {
    return std::make_shared<SourceText>(SourceText{path, std::string(*text)});
  }
  std::vector<std::string> names;
  for (const Preset& preset : presets()) names.emplace_back(preset.name);
  diagnostics.error({std::make_shared<SourceText>(SourceText{path, ""}), 0, 0},
                    fmt::format("there is no such preset{}", did_you_mean(name, names)));
  missing = true;
  return nullptr;
}

/// The file in the same folder whose name is most like that of a missing one.
std::optional<std::string> file_like(const std::string& path) {
  namespace fs = std::filesystem;
  constexpr int most_files = 1000;
  const fs::path wanted(path);
  const fs::path folder = wanted.parent_path();
  std::error_code failed;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder.empty() ? fs::path(".") : folder, failed), end;
       !failed && entry != end && names.size() < most_files; entry.increment(failed)) {
    names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  const auto near = nearest_spelling(wanted.filename().string(), names);
  return near ? std::optional((folder / *near).string()) : std::nullopt;
}

std::vector<std::shared_ptr<const SourceText>> read_sources(const std::vector<std::string>& files,
                                                            Diagnostics& diagnostics) {
  bool missing = false;
  std::vector<std::shared_ptr<const SourceText>> sources;
  for (const std::string& path : files) {
    const bool is_preset = path.rfind(preset_prefix, 0) == 0;
    const auto source =
        is_preset ? read_preset(path, diagnostics, missing) : read_text_file(path, diagnostics, missing);
    if (source) sources.push_back(source);
    if (source || is_preset) continue;
    if (preset_text(path)) {
      diagnostics.note({}, fmt::format("there is a preset of this name: preset:{}", path));
    } else if (const auto near = file_like(path)) {
      diagnostics.note({}, fmt::format("there is a file '{}'", *near));
    }
  }
  if (missing) throw MissingInputError(diagnostics);
  return sources;
}

/// Names as keys and numbers as values, written as they should be.
std::optional<std::string> turned_round(const DocumentNode& node) {
  const auto is_number = [](const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  };
  std::string text;
  for (const DocumentEntry& entry : node.entries) {
    if (is_number(entry.key) || !entry.value->is_scalar() || !is_number(entry.value->text)) return std::nullopt;
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", entry.value->text, entry.key);
  }
  return text.empty() ? std::nullopt : std::optional("{" + text + "}");
}

std::map<int, std::string> read_bindings(const DocumentNode& node, Diagnostics& diagnostics) {
  constexpr int highest_level = 63;
  std::map<int, std::string> bindings;
  if (const auto turned = turned_round(node)) {
    diagnostics.error(node.where, fmt::format("bindings: the number is the key and the name its value: {}", *turned));
    return bindings;
  }
  if (!node.is_map()) {
    diagnostics.error(
        node.where,
        fmt::format("bindings: expected a map such as '{{0: MainMemory, 1: GlobalBuffer}}', got {}", describe(node)));
    return bindings;
  }
  for (const DocumentEntry& entry : node.entries) {
    int level = -1;
    const char* const end = entry.key.data() + entry.key.size();
    const auto parsed = std::from_chars(entry.key.data(), end, level);
    if (parsed.ec != std::errc() || parsed.ptr != end || level < 0 || level > highest_level) {
      diagnostics.error(
          entry.key_where,
          fmt::format("bindings: expected a level number from 0 to {} as the key, got '{}'", highest_level, entry.key));
      continue;
    }
    const auto name = read_text(*entry.value, "name of a component", diagnostics);
    if (!name) continue;
    if (!bindings.emplace(level, *name).second) {
      diagnostics.error(entry.key_where, fmt::format("bindings: level {} is bound twice", level));
    }
  }
  return bindings;
}

std::vector<std::string> level_names(const Architecture& architecture) {
  std::vector<std::string> names;
  for (const MemoryLevel& memory : architecture.memories) names.push_back(memory.name);
  names.push_back(architecture.compute.name);
  return names;
}

/// With an architecture, bindings must name its components; the ideal machine's levels take the names.
void apply_bindings(const std::map<int, std::string>& bindings, const DocumentNode& node, Architecture& architecture,
                    Diagnostics& diagnostics) {
  if (architecture.built_in_ideal) {
    for (const auto& [level, name] : bindings) {
      const auto index = static_cast<std::size_t>(level);
      (index < architecture.memories.size() ? architecture.memories[index].name : architecture.compute.name) = name;
    }
  }
  const std::vector<std::string> names = level_names(architecture);
  for (const auto& [level, name] : bindings) {
    const auto count = std::count(names.begin(), names.end(), name);
    if (count == 1) continue;
    SourcePosition where = node.where;
    for (const DocumentEntry& entry : node.entries) {
      if (entry.value->text == name) where = entry.value->where;
    }
    diagnostics.error(where, count > 1 ? fmt::format("bindings: two levels have the name '{}'", name)
                                       : fmt::format("bindings: the architecture has no component '{}'{}", name,
                                                     did_you_mean(name, names)));
  }
}

void settle_energies(Architecture& architecture, const DocumentNode& merged, Diagnostics& diagnostics) {
  const auto table = find_key(merged, "ERT");
  const auto summary = find_key(merged, "ERT_summary");
  if (table || summary) apply_energy_reference_table(architecture, table ? *table : *summary, diagnostics);
  for (MemoryLevel& memory : architecture.memories) {
    if (!memory.energy.source.empty() || memory.dram_type.empty()) continue;
    if (const auto energy = dram_energy(memory.dram_type, memory.width_bits)) memory.energy = *energy;
  }
  apply_default_energies(architecture);
}

DocumentNodePtr require_part(const DocumentNode& merged, const std::vector<InputFile>& files, const char* key,
                             const char* what, Diagnostics& diagnostics) {
  const auto part = find_key(merged, key);
  if ((!part || part->is_null()) && !is_misspelt_at_top(merged, key)) {
    std::vector<std::string> names;
    for (const InputFile& file : files) names.push_back(file.path);
    diagnostics.error({},
                      fmt::format("no input gives {} (top-level key '{}'); read: {}", what, key, list_names(names)));
  }
  return part && !part->is_null() ? part : nullptr;
}

/// Everything that the merged document says.
void interpret(const DocumentNode& merged, Inputs& inputs, Diagnostics& diagnostics) {
  check_top_level_keys(merged, diagnostics);

  std::vector<SimulationSetting> settings;
  if (const auto node = find_key(merged, "simulation")) settings = read_simulation(*node, diagnostics);
  apply_settings(inputs.run, settings, diagnostics);
  const auto bindings = find_key(merged, "bindings");
  if (bindings && !bindings->is_null()) inputs.bindings = read_bindings(*bindings, diagnostics);

  bool graph_is_good = false;
  if (const auto problem = require_part(merged, inputs.files, "problem", "a workload", diagnostics)) {
    Diagnostics of_problem;
    inputs.graph = load_workload(*problem, of_problem);
    graph_is_good = !of_problem.has_errors();
    diagnostics.append(of_problem);
  }
  // Names cannot be looked up in a graph that was not read whole.
  if (graph_is_good) apply_settings(inputs.graph, settings, diagnostics);
  const auto mapping = require_part(merged, inputs.files, "mapping", "a mapping", diagnostics);
  // Nodes that were not indented are at the top, which has been said.
  const bool nodes_at_top = find_key(merged, "nodes") != nullptr;
  if (mapping && !(nodes_at_top && mapping->is_map() && !find_key(*mapping, "nodes"))) {
    inputs.tree = load_loop_tree(*mapping, diagnostics);
  }

  Diagnostics of_architecture;
  const auto architecture = find_key(merged, "architecture");
  if (architecture && !architecture->is_null()) {
    std::optional<std::int64_t> clock;
    for (const SimulationSetting& setting : settings) {
      if (setting.is("clock")) clock = setting.integer();
    }
    inputs.architecture = load_architecture(*architecture, clock, of_architecture);
  } else {
    inputs.architecture = ideal_architecture(ideal_level_count(inputs.tree, inputs.bindings));
  }
  const bool architecture_is_good = !of_architecture.has_errors();
  diagnostics.append(of_architecture);
  if (!architecture_is_good) return;
  if (bindings) apply_bindings(inputs.bindings, *bindings, inputs.architecture, diagnostics);
  apply_settings(inputs.architecture, settings, diagnostics);
  report_overlong(settings, inputs.architecture.clock_hz, diagnostics);
  settle_energies(inputs.architecture, merged, diagnostics);
}

}  // namespace

namespace {

/// `wanted`: as many as there should have been.
Inputs read_inputs(const std::vector<std::shared_ptr<const SourceText>>& sources, std::size_t wanted,
                   const std::vector<std::string>& overrides, Diagnostics& diagnostics) {
  Inputs inputs;
  std::vector<DocumentNodePtr> documents;
  bool foreign = false;
  for (const auto& source : sources) {
    inputs.files.push_back({source->name, sha256(source->text)});
    if (report_foreign_text(source, diagnostics)) {
      foreign = true;
    } else if (auto document = parse_document(source, diagnostics)) {
      documents.push_back(std::move(document));
    }
  }
  for (const DocumentNodePtr& document : documents) foreign = report_foreign_dialect(*document, diagnostics) || foreign;
  // What follows would only repeat that a part is missing or not what it should be.
  if (foreign || documents.size() < wanted) throw InputError(diagnostics);

  DocumentNodePtr merged = merge_documents(documents, diagnostics);
  const bool all_maps = std::all_of(documents.begin(), documents.end(), [](const auto& d) { return d->is_map(); });
  if (!all_maps) throw InputError(diagnostics);
  for (const std::string& assignment : overrides) merged = apply_override(merged, assignment, diagnostics);
  interpret(*merged, inputs, diagnostics);
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  inputs.warnings = diagnostics.all();
  return inputs;
}

}  // namespace

Inputs load_inputs(const std::vector<std::string>& files, const std::vector<std::string>& overrides) {
  Diagnostics diagnostics;
  // A blank in place of '=' makes a file of the value.
  for (const std::string& assignment : overrides) check_override(assignment, diagnostics);
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  return read_inputs(read_sources(files, diagnostics), files.size(), overrides, diagnostics);
}

Inputs load_inputs_from(const std::vector<std::shared_ptr<const SourceText>>& sources,
                        const std::vector<std::string>& overrides) {
  Diagnostics diagnostics;
  return read_inputs(sources, sources.size(), overrides, diagnostics);
}

}  // namespace loopsim
