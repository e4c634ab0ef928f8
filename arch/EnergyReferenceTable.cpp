#include "arch/EnergyReferenceTable.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/DocumentReader.hpp"

namespace loopsim {

namespace {

std::string plain_name(const std::string& path) {
  std::string name = path.substr(0, path.find('['));
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? name : name.substr(dot + 1);
}

using ActionEnergies = std::map<std::string, double>;

ActionEnergies read_actions(const DocumentNode& node, Diagnostics& diagnostics) {
  ActionEnergies energies;
  const auto* actions = read_list(node, "actions", diagnostics);
  if (actions == nullptr) return energies;
  for (const DocumentNodePtr& action : *actions) {
    MapReader reader(*action, "an action", diagnostics);
    const DocumentNodePtr name = reader.required("name");
    const DocumentNodePtr energy = reader.required("energy");
    for (const auto* key : {"arguments", "action_latency_cycles", "latency", "subactions"}) reader.ignore(key);
    reader.finish();
    if (!name || !energy) continue;
    const auto text = read_text(*name, "name of an action", diagnostics);
    constexpr double most_picojoules = 1e15;  // sums of 2^63 of them are finite
    const auto pj = read_finite_number(*energy, "energy", diagnostics, {0, most_picojoules}, "pJ");
    if (!text || !pj) continue;
    const auto [found, is_new] = energies.emplace(*text, *pj);
    if (!is_new) found->second = std::max(found->second, *pj);
  }
  return energies;
}

std::optional<double> find_action(const ActionEnergies& energies, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = energies.find(name);
    if (found != energies.end()) return found->second;
  }
  return std::nullopt;
}

/// The table gives leakage as energy a cycle.
double leakage_uw(const ActionEnergies& energies, std::int64_t clock_hz) {
  constexpr double microwatts_per_picojoule_hertz = 1e-6;
  const auto pj = find_action(energies, {"leak", "leakage", "idle"});
  return pj ? *pj * static_cast<double>(clock_hz) * microwatts_per_picojoule_hertz : 0;
}

void apply_to_memory(MemoryLevel& memory, const ActionEnergies& energies, std::int64_t clock_hz,
                     const DocumentNode& where, Diagnostics& diagnostics) {
  const auto read = find_action(energies, {"read", "random_read"});
  const auto write = find_action(energies, {"write", "random_write", "update"});
  if (!read || !write) {
    diagnostics.error(where.where,
                      fmt::format("ERT: component '{}' lacks action '{}'", memory.name, read ? "write" : "read"));
    return;
  }
  memory.energy = {*read, *write, leakage_uw(energies, clock_hz), "ERT"};
}

void apply_to_compute(ComputeLevel& compute, const ActionEnergies& energies, std::int64_t clock_hz) {
  compute.leakage_uw = leakage_uw(energies, clock_hz);
  compute.energy_source = "ERT";
  if (const auto pj = find_action(energies, {"mac", "compute", "mac_random", "multiply"}))
    compute.operation_pj["mac"] = *pj;
  for (const char* name : {"add", "sub", "mul", "max", "exp", "div", "relu", "copy"}) {
    if (const auto pj = find_action(energies, {name})) compute.operation_pj[name] = *pj;
  }
}

}  // namespace

void apply_energy_reference_table(Architecture& architecture, const DocumentNode& table, Diagnostics& diagnostics) {
  MapReader reader(table, "ERT", diagnostics);
  reader.ignore("version");
  const DocumentNodePtr tables = reader.required("tables", {"table_summary"});
  reader.finish();
  if (!tables) return;
  const auto* entries = read_list(*tables, "tables", diagnostics);
  if (entries == nullptr) return;
  std::map<std::string, SourcePosition> seen;
  for (const DocumentNodePtr& entry : *entries) {
    MapReader component(*entry, "a table of the ERT", diagnostics);
    const DocumentNodePtr name_node = component.required("name");
    const DocumentNodePtr actions = component.required("actions");
    for (const auto* key : {"primitive_estimation(s)", "primitive_estimations", "primitive_estimation", "estimator"}) {
      component.ignore(key);
    }
    component.finish();
    if (!name_node || !actions) continue;
    const auto path = read_text(*name_node, "name of a component", diagnostics);
    if (!path) continue;
    const std::string name = plain_name(*path);
    const ActionEnergies energies = read_actions(*actions, diagnostics);
    const auto [first, is_new] = seen.emplace(name, name_node->where);
    if (!is_new) {
      diagnostics.error(name_node->where, fmt::format("ERT: component '{}' has two tables; the first is at {}", name,
                                                      describe(first->second)));
      continue;
    }
    const auto memory = std::find_if(architecture.memories.begin(), architecture.memories.end(),
                                     [&](const MemoryLevel& level) { return level.name == name; });
    if (memory != architecture.memories.end()) {
      apply_to_memory(*memory, energies, architecture.clock_hz, *name_node, diagnostics);
    } else if (name == architecture.compute.name) {
      apply_to_compute(architecture.compute, energies, architecture.clock_hz);
    } else {
      diagnostics.warning(name_node->where, fmt::format("ERT: the architecture has no component '{}'", name));
    }
  }
}

}  // namespace loopsim
