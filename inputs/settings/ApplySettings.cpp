#include "inputs/settings/ApplySettings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string>

#include "inputs/settings/SettingTarget.hpp"

namespace loopsim {
namespace {

template <class Items>
std::vector<std::string> names_of(const Items& items) {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(item.name);
  return names;
}

/// The one of that name, or null.
template <class Items>
auto find_named(Items& items, const std::string& name) -> decltype(&*items.begin()) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

/// Says once of each name that there is none such.
class UnknownNames {
 public:
  explicit UnknownNames(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void add(const SimulationSetting& setting, const std::string& kind, const std::string& complaint) {
    if (reported_.insert(kind + setting.name).second) diagnostics_.error(setting.name_where, complaint);
  }

  template <class Items>
  void add_unknown(const SimulationSetting& setting, const char* kind, const Items& items) {
    add(setting, kind,
        fmt::format("unknown {} '{}'{}", kind, setting.name, did_you_mean(setting.name, names_of(items))));
  }

 private:
  Diagnostics& diagnostics_;
  std::set<std::string> reported_;
};

/// "Conv1+Conv2" is a stage of two einsums.
void check_stage(const EinsumGraph& graph, const SimulationSetting& setting, Diagnostics& diagnostics) {
  std::size_t begin = 0;
  while (begin <= setting.name.size()) {
    const std::size_t end = std::min(setting.name.find('+', begin), setting.name.size());
    const std::string einsum = setting.name.substr(begin, end - begin);
    if (find_named(graph.einsums, einsum) == nullptr) {
      diagnostics.error(setting.name_where, fmt::format("stage '{}': unknown einsum '{}'{}", setting.name, einsum,
                                                        did_you_mean(einsum, names_of(graph.einsums))));
    }
    begin = end + 1;
  }
}

}  // namespace

void apply_settings(RunSettings& run, const std::vector<SimulationSetting>& settings, Diagnostics& diagnostics) {
  SettingTarget to{diagnostics};
  to.run = &run;
  for (const SimulationSetting& setting : settings) {
    if (setting.key->owner == SettingOwner::run) setting.key->apply(to, setting);
  }
}

void apply_settings(Architecture& machine, const std::vector<SimulationSetting>& settings, Diagnostics& diagnostics) {
  std::vector<LevelChange> changes;
  for (MemoryLevel& level : machine.memories) changes.push_back({&level, false, std::nullopt, false});
  NocChange noc_change;
  UnknownNames unknown(diagnostics);
  SettingTarget to{diagnostics};
  to.machine = &machine;
  to.noc_change = &noc_change;
  for (const SimulationSetting& setting : settings) {
    if (setting.key->owner == SettingOwner::machine) setting.key->apply(to, setting);
    if (setting.key->owner != SettingOwner::level) continue;
    const MemoryLevel* const level = find_named(machine.memories, setting.name);
    if (level != nullptr) {
      to.change = &changes[static_cast<std::size_t>(level - machine.memories.data())];
      setting.key->apply(to, setting);
    } else if (setting.name == machine.compute.name) {
      unknown.add(setting, "level", fmt::format("level '{}' computes; only memories have settings here", setting.name));
    } else {
      unknown.add_unknown(setting, "level", machine.memories);
    }
  }
  for (const LevelChange& change : changes) finish(change, machine, diagnostics);
  if (machine.noc) finish_network(noc_change, *machine.noc, diagnostics);
}

void apply_settings(EinsumGraph& graph, const std::vector<SimulationSetting>& settings, Diagnostics& diagnostics) {
  UnknownNames unknown(diagnostics);
  for (const SimulationSetting& setting : settings) {
    SettingTarget to{diagnostics};
    to.graph = &graph;
    if (setting.is("pe.partition.STAGE")) check_stage(graph, setting, diagnostics);
    if (setting.key->owner == SettingOwner::tensor) {
      to.tensor = find_named(graph.tensors, setting.name);
      if (to.tensor == nullptr) unknown.add_unknown(setting, "tensor", graph.tensors);
    } else if (setting.key->owner == SettingOwner::einsum) {
      to.einsum = find_named(graph.einsums, setting.name);
      if (to.einsum == nullptr) unknown.add_unknown(setting, "einsum", graph.einsums);
    }
    if (to.tensor != nullptr || to.einsum != nullptr) setting.key->apply(to, setting);
  }
}

}  // namespace loopsim
