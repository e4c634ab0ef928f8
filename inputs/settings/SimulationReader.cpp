#include "inputs/settings/SimulationReader.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "arch/OperationHint.hpp"
#include "base/DocumentReader.hpp"
#include "inputs/settings/SimulationKeys.hpp"

namespace loopsim {

namespace {

using Type = SimulationValueType;

/// Reads the tree of settings along the table of keys.
class SettingReader {
 public:
  explicit SettingReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    for (const SimulationKey& key : simulation_keys()) keys_.push_back({&key, parts_of(key.path)});
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
      case Type::text_list:
        return read_names(node, what, setting);
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

  bool read_names(const DocumentNode& node, const std::string& what, SimulationSetting& setting) {
    const auto is_name = [](const DocumentNode& item) { return item.is_scalar() && !item.text.empty(); };
    std::vector<std::string> names;
    if (is_name(node)) names.push_back(node.text);
    bool good = true;
    if (node.is_sequence()) {
      for (const DocumentNodePtr& item : node.items) {
        good = good && is_name(*item);
        names.push_back(item->text);
      }
    }
    if (!good || names.empty()) {
      diagnostics_.error(node.where, fmt::format("{}: expected a list of names, got {}", what, describe(node)));
      return false;
    }
    setting.value = std::move(names);
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

std::vector<SimulationSetting> read_simulation(const DocumentNode& simulation, Diagnostics& diagnostics) {
  return SettingReader(diagnostics).read(simulation);
}

}  // namespace loopsim
