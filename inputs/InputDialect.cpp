#include "inputs/InputDialect.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "inputs/settings/SimulationKeys.hpp"

namespace loopsim {

namespace {

/// What inputs of neighbouring tools would have to be here.
constexpr std::string_view expected =
    "expected a list of einsums under 'problem' and 'mapping: {type: fused, nodes: […]}', as LoopTree has them; "
    "'loopsim presets' lists examples";

bool has_key(const DocumentNodePtr& map, std::string_view key) {
  return map && map->is_map() && find_key(*map, key);
}

bool any_item(const DocumentNodePtr& list, const std::function<bool(const DocumentNodePtr&)>& holds) {
  return list && list->is_sequence() && std::any_of(list->items.begin(), list->items.end(), holds);
}

bool is_tagged_list(const DocumentNodePtr& nodes) {
  return any_item(nodes, [](const DocumentNodePtr& node) { return !node->tag.empty(); });
}

/// A map under a top-level key, or the items of a list at the top.
bool is_tileflow(const std::string& key, const DocumentNodePtr& value) {
  if (key == "problem") return has_key(value, "ops") && !has_key(value, "shape");
  if (key == "mapping") return has_key(value, "node-type");
  return same_key(key, "tileflow-mapper") || key == "macro";
}

bool is_orojenesis(const std::string& key, const DocumentNodePtr& value) {
  if (any_item(value, [](const DocumentNodePtr& einsum) { return has_key(einsum, "prob_dims"); })) return true;
  if (key != "mapper" || !value->is_map()) return false;
  return std::any_of(value->entries.begin(), value->entries.end(), [](const DocumentEntry& entry) {
    return entry.key.find("oaves") != std::string::npos || entry.key.find("orojenesis") != std::string::npos;
  });
}

bool is_accelforge(const std::string& key, const DocumentNodePtr& value) {
  if (key == "arch") return has_key(value, "nodes");
  if (key == "workload") return has_key(value, "einsums") || has_key(value, "rank_sizes");
  if (key == "mapping") return value->is_map() && is_tagged_list(find_key(*value, "nodes"));
  return key == "problem" && value->is_map() &&
         any_item(find_key(*value, "einsums"),
                  [](const DocumentNodePtr& einsum) { return has_key(einsum, "tensor_accesses"); });
}

bool is_timeloop(const std::string& key, const DocumentNodePtr& value) {
  if (key == "problem") return has_key(value, "shape") || has_key(value, "instance");
  if (key == "mapping") return value->is_sequence();
  return key == "mapspace" || same_key(key, "mapspace_constraints");
}

bool is_zigzag(const std::string& key, const DocumentNodePtr& /*value*/) {
  return key == "operational_array" || key == "operational_array_type" || key == "memory_operand_links";
}

bool is_stream(const std::string& key, const DocumentNodePtr& /*value*/) {
  static const std::vector<std::string> keys = {"cores",           "core_connectivity", "core_coordinates",
                                                "offchip_core_id", "offchip_core",      "fused_groups"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool is_maestro(const std::string& key, const DocumentNodePtr& /*value*/) {
  static const std::vector<std::string> keys = {"num_pes", "l1_size_cstr", "l2_size_cstr", "noc_bw_cstr",
                                                "NumPEs",  "L1Size",       "NoC_BW"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool is_onnxim(const std::string& key, const DocumentNodePtr& /*value*/) {
  return key == "num_cores" || key == "core_config" || key == "icnt_type";
}

/// How a tool's inputs are told from ours, by a key at the top and what is under it.
struct Dialect {
  std::string_view name;
  bool (*is_written_in)(const std::string& key, const DocumentNodePtr& value);
  std::string_view advice;
};

// Those that share keys with others come after what tells them apart.
constexpr Dialect dialects[] = {
    {"TileFlow's dialect", is_tileflow,
     "a Tile node is a 'temporal' or 'spatial' node for each of its factors, an Op a "
     "'compute' node, a Scope a 'sequential' or 'pipeline' node"},
    {"an input of Orojenesis", is_orojenesis, "it bounds a single layer without a mapping; a mapping is needed here"},
    {"AccelForge's dialect", is_accelforge,
     "its ranks are shared by all einsums, here each einsum has ranks of its own"},
    {"Timeloop's single-layer dialect", is_timeloop,
     "a loop nest is a list of 'temporal', 'spatial' and 'storage' nodes"},
    {"ZigZag's dialect", is_zigzag, "its memories are components under 'architecture'"},
    {"Stream's dialect", is_stream, "its cores are one machine under 'architecture' here"},
    {"a machine of MAESTRO", is_maestro, "its sizes go under 'architecture'"},
    {"a machine of ONNXim", is_onnxim, "its sizes go under 'architecture'"},
};

void report(const Dialect& dialect, const SourcePosition& where, Diagnostics& diagnostics) {
  diagnostics.error(where, fmt::format("this is {}, which is not read; {}", dialect.name, expected));
  diagnostics.note({}, std::string(dialect.advice));
}

/// Lists of layers at the top: workloads and mappings of ZigZag and Stream.
bool report_foreign_list(const DocumentNode& document, Diagnostics& diagnostics) {
  const auto all = std::make_shared<DocumentNode>(document);
  const auto any_has = [&](std::string_view key) {
    return any_item(all, [&](const DocumentNodePtr& item) { return has_key(item, key); });
  };
  if (any_has("prob_dims")) {
    diagnostics.error(document.where, fmt::format("this is a chain of Orojenesis, which is not read; {}", expected));
    diagnostics.note({}, "each of its problems is an einsum, prob_dims are its 'instance'");
    return true;
  }
  if (any_has("operator_type") || any_has("loop_dims") || any_has("equation")) {
    diagnostics.error(document.where,
                      fmt::format("this is a workload of ZigZag or Stream, which is not read; {}", expected));
    diagnostics.note({},
                     "each layer is an einsum: loop_dims are its dimensions, loop_sizes its instance, the operands of "
                     "its equation its data_spaces");
    return true;
  }
  if (any_has("inter_core_tiling") || any_has("intra_core_tiling")) {
    diagnostics.error(document.where, fmt::format("this is a mapping of Stream, which is not read; {}", expected));
    diagnostics.note({}, "tiles of a core are loops above a 'sequential' or 'pipeline' node");
    return true;
  }
  if (any_has("spatial_mapping") || any_has("temporal_ordering") || any_has("memory_operand_links")) {
    diagnostics.error(document.where, fmt::format("this is a mapping of ZigZag, which is not read; {}", expected));
    diagnostics.note({}, "spatial_mapping are 'spatial' loops, temporal_ordering 'temporal' ones, outermost first");
    return true;
  }
  return false;
}

const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys = {"architecture", "problem", "mapping",     "bindings",
                                                "simulation",   "ERT",     "ERT_summary", "meta"};
  return keys;
}

/// Where a key belongs that stands at the top: people forget to indent it.
std::string_view home_of(const std::string& key) {
  struct Home {
    std::string_view key;
    std::string_view place;
  };
  static constexpr Home homes[] = {
      {"nodes", "under 'mapping', or under 'architecture'"},
      {"type", "under 'mapping'"},
      {"branches", "to a 'sequential' or 'pipeline' node of 'mapping'"},
      {"shape", "to an entry of the list 'problem'"},
      {"instance", "to an entry of the list 'problem', beside its 'shape'"},
      {"dimensions", "to the 'shape' of an entry of 'problem'"},
      {"data_spaces", "to the 'shape' of an entry of 'problem'"},
      {"workload", "under 'problem', as a list of einsums"},
  };
  for (const Home& home : homes) {
    if (same_key(home.key, key)) return home.place;
  }
  for (const SimulationKey& setting : simulation_keys()) {
    if (same_key(setting.path.substr(0, setting.path.find('.')), key)) return "under 'simulation'";
  }
  return "";
}

/// Whether the architecture has a component of that name, as far as can be seen without reading it.
bool is_component(const DocumentNode& merged, const std::string& name) {
  const auto architecture = find_key(merged, "architecture");
  const auto nodes = architecture && architecture->is_map() ? find_key(*architecture, "nodes") : nullptr;
  return any_item(nodes, [&](const DocumentNodePtr& node) {
    const auto own = node->is_map() ? find_key(*node, "name") : nullptr;
    return own && own->text == name;
  });
}

/// What to do about a key that is not known at the top.
std::string advice_for(const DocumentNode& merged, const std::string& key) {
  if (is_component(merged, key)) return fmt::format("; settings of a level are simulation.levels.{}", key);
  const std::string_view home = home_of(key);
  return home.empty() ? did_you_mean(key, known_keys()) : fmt::format("; it belongs {}", home);
}

enum class KeyKind { known, harmless, unknown };

KeyKind kind_of(const std::string& word) {
  // Parts of a Timeloop project that cannot change a result here.
  static const std::vector<std::string> harmless = {
      "compound_components",     "components", "variables", "globals", "mapper", "ART", "ART_summary",
      "architecture_constraints"};
  const auto is_one_of = [&](const std::vector<std::string>& keys) {
    return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return same_key(key, word); });
  };
  // Keys such as `.defaults` or `x-defaults` are where people keep anchors.
  const bool holds_anchors = word.rfind('.', 0) == 0 || word.rfind("x-", 0) == 0;
  if (holds_anchors || is_one_of(known_keys())) return KeyKind::known;
  return is_one_of(harmless) ? KeyKind::harmless : KeyKind::unknown;
}

}  // namespace

bool report_foreign_dialect(const DocumentNode& document, Diagnostics& diagnostics) {
  if (document.is_sequence()) return report_foreign_list(document, diagnostics);
  for (const Dialect& dialect : dialects) {
    for (const DocumentEntry& entry : document.entries) {
      if (!dialect.is_written_in(entry.key, entry.value)) continue;
      report(dialect, entry.key_where, diagnostics);
      return true;
    }
  }
  if (find_key(document, "schema_version")) {
    diagnostics.error(
        document.where,
        "these are results, not inputs; 'loopsim report DIR -o page.html' shows those of a folder DIR, and "
        "resolved.yaml beside them is the input that they came from, for 'loopsim run'");
    return true;
  }
  return false;
}

bool is_misspelt_at_top(const DocumentNode& merged, std::string_view key) {
  return std::any_of(merged.entries.begin(), merged.entries.end(), [&](const DocumentEntry& entry) {
    return kind_of(entry.key) == KeyKind::unknown && nearest_spelling(entry.key, known_keys()) == key;
  });
}

void check_top_level_keys(const DocumentNode& merged, Diagnostics& diagnostics) {
  for (const DocumentEntry& entry : merged.entries) {
    switch (kind_of(entry.key)) {
      case KeyKind::known:
        break;
      case KeyKind::harmless:
        diagnostics.warning(entry.key_where, fmt::format("'{}' has no effect here", entry.key));
        break;
      case KeyKind::unknown:
        diagnostics.error(entry.key_where,
                          fmt::format("unknown key '{}' at the top{}", entry.key, advice_for(merged, entry.key)));
    }
  }
}

}  // namespace loopsim
