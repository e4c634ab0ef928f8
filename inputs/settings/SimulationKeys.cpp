#include "inputs/settings/SimulationKeys.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/DocumentReader.hpp"
#include "inputs/settings/KeyGroups.hpp"

namespace loopsim {

namespace {

using Type = SimulationValueType;

void append(std::vector<SimulationKey>& all, SettingOwner owner, std::vector<SimulationKey> keys) {
  for (SimulationKey& key : keys) {
    key.owner = owner;
    all.push_back(std::move(key));
  }
}

std::vector<SimulationKey> all_keys() {
  std::vector<SimulationKey> all;
  append(all, SettingOwner::machine, machine_keys());
  append(all, SettingOwner::run, run_keys());
  append(all, SettingOwner::machine, pe_keys());
  append(all, SettingOwner::level, level_keys());
  append(all, SettingOwner::machine, dram_keys());
  append(all, SettingOwner::machine, noc_keys());
  append(all, SettingOwner::tensor, tensor_keys());
  append(all, SettingOwner::einsum, einsum_keys());
  return all;
}

}  // namespace

const std::vector<SimulationKey>& simulation_keys() {
  static const std::vector<SimulationKey> keys = all_keys();
  return keys;
}

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t dot = path.find('.');
    parts.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    path.remove_prefix(dot + 1);
  }
}

bool stands_for_a_name(std::string_view part) {
  return part == "NAME" || part == "STAGE";
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
    case Type::text_list:
      return "list of names";
    case Type::integer_list:
      return fmt::format("list of integers ≥ {}", key.least);
    case Type::integer_or_infinity_pair:
      return fmt::format("two integers, {} to {}, or inf", key.least, key.most);
  }
  return "";
}

std::vector<const SimulationKey*> find_simulation_keys(std::string_view path) {
  std::vector<std::string> wanted = parts_of(path);
  if (wanted.front() == "simulation") wanted.erase(wanted.begin());
  std::vector<const SimulationKey*> found;
  for (const SimulationKey& key : simulation_keys()) {
    const std::vector<std::string> parts = parts_of(key.path);
    const bool matches =
        wanted.size() <= parts.size() &&
        std::equal(wanted.begin(), wanted.end(), parts.begin(), [](const auto& word, const auto& part) {
          return stands_for_a_name(part) ? !word.empty() : same_key(word, part);
        });
    if (matches) found.push_back(&key);
  }
  if (!found.empty() || wanted.size() != 1) return found;
  for (const SimulationKey& key : simulation_keys()) {
    if (same_key(parts_of(key.path).back(), wanted.front())) found.push_back(&key);
  }
  return found;
}

}  // namespace loopsim
