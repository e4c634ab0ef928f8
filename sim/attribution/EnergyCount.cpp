#include "sim/attribution/EnergyCount.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/CheckedMath.hpp"
#include "workloads/OperationName.hpp"

namespace loopsim {

std::vector<EnergyMeasure> count_energy(const BoundTree& tree, const Measures& measures, std::int64_t cycles,
                                        std::int64_t private_instances) {
  const Architecture& architecture = tree.architecture;
  struct Moved {
    std::int64_t read = 0;
    std::int64_t written = 0;
  };
  std::map<std::tuple<LevelId, TensorId, EinsumId>, Moved> words;
  for (const AccessMeasures& access : measures.accesses) {
    Moved& sum = words[{access.level, access.tensor, access.einsum}];
    sum.read += access.reads;
    sum.written += access.writes;
  }
  std::vector<EnergyMeasure> result;
  for (const auto& [key, amount] : words) {
    const auto [level, tensor, einsum] = key;
    if (level.value >= architecture.memories.size()) continue;
    const MemoryLevel& memory = architecture.memories[level.value];
    const std::int64_t words_per_access = std::max<std::int64_t>(1, memory.width_bits / word_bits(tree, tensor, level));
    const auto add = [&](const char* action, std::int64_t moved, double pj) {
      if (moved == 0) return;
      const std::int64_t accesses = ceil_divide(moved, words_per_access);
      result.push_back({memory.name, action, tensor, einsum, accesses, static_cast<double>(accesses) * pj});
    };
    add("read", amount.read, memory.energy.read_pj);
    add("write", amount.written, memory.energy.write_pj);
  }
  for (std::size_t e = 0; e < measures.einsums.size(); ++e) {
    const Einsum& einsum = tree.graph.einsums[EinsumId(e)];
    const std::int64_t operations = measures.einsums[EinsumId(e)].ops;
    if (operations == 0) continue;
    const std::string name = operation_name(einsum.operation);
    const auto known = architecture.compute.operation_pj.find(name);
    const double pj = einsum.energy_pj.value_or(known == architecture.compute.operation_pj.end() ? 0.0 : known->second);
    result.push_back(
        {architecture.compute.name, name, std::nullopt, EinsumId(e), operations, static_cast<double>(operations) * pj});
  }
  const double microseconds = static_cast<double>(cycles) / static_cast<double>(architecture.clock_hz) * 1e6;
  const auto leak = [&](const std::string& component, double microwatts, std::int64_t instances) {
    if (microwatts <= 0 || instances == 0) return;
    result.push_back({component, "leak", std::nullopt, std::nullopt, cycles,
                      microwatts * microseconds * static_cast<double>(instances)});
  };
  for (std::size_t level = 0; level < architecture.memories.size(); ++level) {
    leak(architecture.memories[level].name, architecture.memories[level].energy.leakage_uw,
         level < 2 ? 1 : private_instances);
  }
  leak(architecture.compute.name, architecture.compute.leakage_uw, private_instances);
  return result;
}

void charge_dram_commands(std::vector<EnergyMeasure>& energy, const BoundTree& tree, const JedecCounters& dram) {
  const std::string& component = tree.architecture.memories.front().name;
  const auto of_memory = [&](const EnergyMeasure& measure) { return measure.component == component; };
  energy.erase(std::remove_if(energy.begin(), energy.end(), of_memory), energy.end());
  std::vector<EnergyMeasure> commands;
  for (const JedecCounters::Energy& part : dram.energy) {
    commands.push_back({component, part.action, std::nullopt, std::nullopt, part.count, part.pj});
  }
  energy.insert(energy.begin(), commands.begin(), commands.end());
}

void charge_network(std::vector<EnergyMeasure>& energy, const BoundTree& tree, const NocCounters::Network& network) {
  if (!tree.architecture.noc || network.flit_hops == 0) return;
  energy.push_back({"NoC", "hop", std::nullopt, std::nullopt, network.flit_hops,
                    network.bit_hops * tree.architecture.noc->hop_pj_per_bit});
}

}  // namespace loopsim
