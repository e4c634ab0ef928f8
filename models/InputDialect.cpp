#include "models/InputDialect.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace loopsim {

namespace {

constexpr std::string_view single_layer =
    "this is Timeloop's single-layer dialect, which is not read yet; expected a list of einsums under 'problem' and "
    "'mapping: {type: fused, nodes: […]}'";
constexpr std::string_view accelforge =
    "this is AccelForge's dialect, which is not read yet; expected 'architecture', 'problem' and 'mapping' as in "
    "Timeloop "
    "v4 with 'type: fused'";

bool is_tagged_list(const DocumentNodePtr& nodes) {
  return nodes && nodes->is_sequence() &&
         std::any_of(nodes->items.begin(), nodes->items.end(),
                     [](const DocumentNodePtr& node) { return !node->tag.empty(); });
}

const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys = {"architecture", "problem", "mapping",     "bindings",
                                                "simulation",   "ERT",     "ERT_summary", "meta"};
  return keys;
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
  for (const DocumentEntry& entry : document.entries) {
    const DocumentNode& value = *entry.value;
    const bool einsum_list = value.is_map() && find_key(value, "einsums");
    if (entry.key == "arch" || entry.key == "workload" ||
        (entry.key == "mapping" && value.is_map() && is_tagged_list(find_key(value, "nodes"))) ||
        (entry.key == "problem" && einsum_list)) {
      diagnostics.error(entry.key_where, std::string(accelforge));
      return true;
    }
    const bool single_layer_problem =
        entry.key == "problem" && value.is_map() && (find_key(value, "shape") || find_key(value, "instance"));
    const bool single_layer_mapping = entry.key == "mapping" && value.is_sequence();
    if (single_layer_problem || single_layer_mapping || entry.key == "mapspace") {
      diagnostics.error(entry.key_where, std::string(single_layer));
      return true;
    }
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
        diagnostics.error(entry.key_where, fmt::format("unknown key '{}' at the top{}", entry.key,
                                                       did_you_mean(entry.key, known_keys())));
    }
  }
}

}  // namespace loopsim
