#include "inputs/SimulationYaml.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>
#include <yaml-cpp/stlemitter.h>

#include "inputs/settings/SettingTarget.hpp"
#include "inputs/settings/SimulationKeys.hpp"

namespace loopsim {
namespace {

/// "noc" of "noc.latency"; empty for keys that stand alone.
std::string group_of(const SimulationKey& key) {
  const std::size_t dot = key.path.find('.');
  return dot == std::string_view::npos ? "" : std::string(key.path.substr(0, dot));
}

/// "latency" of "noc.latency", "size" of "levels.NAME.size", "partition" of "pe.partition.STAGE".
std::string own_name(const SimulationKey& key, bool of_names) {
  const std::string_view path = of_names ? key.path.substr(0, key.path.rfind('.')) : key.path;
  return std::string(path.substr(path.rfind('.') + 1));
}

class SettingsWriter {
 public:
  SettingsWriter(YAML::Emitter& out, const Inputs& inputs) : out_(out), inputs_(inputs) {}

  void write() {
    begin("simulation");
    const std::vector<SimulationKey>& keys = simulation_keys();
    for (auto first = keys.begin(); first != keys.end();) {
      const std::string group = group_of(*first);
      const auto last =
          std::find_if(first, keys.end(), [&](const SimulationKey& key) { return group_of(key) != group; });
      write_group(group, {first, last});
      first = last;
    }
    out_ << YAML::EndMap;
  }

 private:
  using Subject = std::pair<std::string, SettingSource>;

  void begin(const std::string& name) { out_ << YAML::Key << name << YAML::Value << YAML::BeginMap; }

  /// Where the values of a group come from: the memories, tensors or einsums by name, or the one machine.
  std::vector<Subject> subjects_of(SettingOwner owner) const {
    SettingSource source;
    source.run = &inputs_.run;
    source.machine = &inputs_.architecture;
    std::vector<Subject> subjects;
    if (owner == SettingOwner::level) {
      for (const MemoryLevel& level : inputs_.architecture.memories) {
        source.level = &level;
        subjects.emplace_back(level.name, source);
      }
    } else if (owner == SettingOwner::tensor) {
      for (const Tensor& tensor : inputs_.graph.tensors) {
        source.tensor = &tensor;
        subjects.emplace_back(tensor.name, source);
      }
    } else if (owner == SettingOwner::einsum) {
      for (const Einsum& einsum : inputs_.graph.einsums) {
        source.einsum = &einsum;
        subjects.emplace_back(einsum.name, source);
      }
    } else {
      subjects.emplace_back("", source);
    }
    return subjects;
  }

  /// Maps that would be empty do not begin.
  void write_group(const std::string& group, const std::vector<SimulationKey>& keys) {
    bool group_has_begun = group.empty();
    for (const auto& [name, source] : subjects_of(keys.front().owner)) {
      bool name_has_begun = name.empty();
      for (const SimulationKey& key : keys) {
        const auto value = key.written(source);
        if (!value) continue;
        if (!std::exchange(group_has_begun, true)) begin(group);
        if (!std::exchange(name_has_begun, true)) begin(name);
        write_value(key, *value);
      }
      if (!name.empty() && name_has_begun) out_ << YAML::EndMap;
    }
    if (!group.empty() && group_has_begun) out_ << YAML::EndMap;
  }

  void write_value(const SimulationKey& key, const WrittenValue& value) {
    const auto* const of_names = std::get_if<std::map<std::string, std::string>>(&value);
    out_ << YAML::Key << own_name(key, of_names != nullptr) << YAML::Value;
    if (const auto* const text = std::get_if<std::string>(&value)) out_ << *text;
    if (const auto* const list = std::get_if<std::vector<std::string>>(&value)) out_ << YAML::Flow << *list;
    if (of_names == nullptr) return;
    out_ << YAML::BeginMap;
    for (const auto& [name, text] : *of_names) out_ << YAML::Key << name << YAML::Value << text;
    out_ << YAML::EndMap;
  }

  YAML::Emitter& out_;
  const Inputs& inputs_;
};

}  // namespace

void write_simulation(YAML::Emitter& out, const Inputs& inputs) {
  SettingsWriter(out, inputs).write();
}

}  // namespace loopsim
