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

void check_top_level_keys(const DocumentNode& merged, Diagnostics& diagnostics) {
  const std::vector<std::string> known = {"architecture", "problem", "mapping",     "bindings",
                                          "simulation",   "ERT",     "ERT_summary", "meta"};
  // Parts of a Timeloop project that cannot change a result here.
  const std::vector<std::string> harmless = {
      "compound_components",     "components", "variables", "globals", "mapper", "ART", "ART_summary",
      "architecture_constraints"};
  const auto is_one_of = [](const std::vector<std::string>& keys, const std::string& word) {
    return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return same_key(key, word); });
  };
  for (const DocumentEntry& entry : merged.entries) {
    // Keys such as `.defaults` or `x-defaults` are where people keep anchors.
    const bool holds_anchors = entry.key.rfind('.', 0) == 0 || entry.key.rfind("x-", 0) == 0;
    if (is_one_of(known, entry.key) || holds_anchors) continue;
    if (is_one_of(harmless, entry.key)) {
      diagnostics.warning(entry.key_where, fmt::format("'{}' has no effect here", entry.key));
    } else {
      diagnostics.error(entry.key_where,
                        fmt::format("unknown key '{}' at the top{}", entry.key, did_you_mean(entry.key, known)));
    }
  }
}

}  // namespace loopsim
