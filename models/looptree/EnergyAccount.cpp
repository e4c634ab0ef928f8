#include "models/looptree/EnergyAccount.hpp"

#include <map>
#include <tuple>

#include "workloads/OperationName.hpp"

namespace loopsim {

namespace {

struct Amounts {
  std::int64_t reads = 0;
  std::int64_t writes = 0;
};

EnergyMeasure memory_energy(const MemoryLevel& memory, const char* action, TensorId tensor, EinsumId einsum,
                            std::int64_t words, double pj_per_access) {
  return {memory.name, action, tensor, einsum, words, static_cast<double>(words) * pj_per_access};
}

EnergyMeasure compute_energy(const BoundTree& tree, EinsumId einsum, std::int64_t operations) {
  const Einsum& e = tree.graph.einsums[einsum];
  const ComputeLevel& compute = tree.architecture.compute;
  const std::string name = operation_name(e.operation);
  const auto known = compute.operation_pj.find(name);
  const double table_pj = known == compute.operation_pj.end() ? 0 : known->second;
  const double pj = e.energy_pj.value_or(table_pj);
  return {compute.name, name, std::nullopt, einsum, operations, static_cast<double>(operations) * pj};
}

}  // namespace

std::vector<EnergyMeasure> energy_account(const BoundTree& tree, const std::vector<AccessTraffic>& accesses,
                                          const IdVector<EinsumId, EinsumTimeline>& timelines) {
  // Several storage nodes of a tensor at one level are one component.
  std::map<std::tuple<LevelId, TensorId, EinsumId>, Amounts> memory;
  for (const AccessTraffic& access : accesses) {
    if (!access.path.storage) continue;
    Amounts& amounts = memory[{access.path.level, access.path.tensor, access.path.einsum}];
    amounts.reads += access.reads;
    amounts.writes += access.writes;
  }
  std::vector<EnergyMeasure> account;
  for (const auto& [key, amounts] : memory) {
    const auto [level, tensor, einsum] = key;
    const MemoryLevel& component = tree.architecture.memories[level.value];
    if (amounts.reads != 0) {
      account.push_back(memory_energy(component, "read", tensor, einsum, amounts.reads, component.energy.read_pj));
    }
    if (amounts.writes != 0) {
      account.push_back(memory_energy(component, "write", tensor, einsum, amounts.writes, component.energy.write_pj));
    }
  }
  for (std::size_t e = 0; e < timelines.size(); ++e) {
    const std::int64_t operations = timelines[EinsumId(e)].ops;
    if (operations != 0) account.push_back(compute_energy(tree, EinsumId(e), operations));
  }
  return account;
}

}  // namespace loopsim
