#include "sim/machine/StageDetails.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace loopsim {

namespace {

constexpr StallCause causes_with_details[] = {StallCause::dram, StallCause::glb, StallCause::noc};

struct Port {
  LevelId level;
  std::string name;
};

/// The port of a memory outside the array that a server stands for.
Port port_of(const BoundTree& tree, const MemoryPorts& ports, ServerIndex server) {
  for (std::size_t level = 0; level < ports.levels.size(); ++level) {
    const LevelPorts& own = ports.levels[level];
    const std::string& memory = tree.architecture.memories[level].name;
    if (own.read == server) return {LevelId(level), own.write == server ? memory : memory + ".read"};
    if (own.write == server) return {LevelId(level), memory + ".write"};
  }
  return {};
}

/// A wait with its name.
struct NamedWait {
  std::string name;
  WaitId id;
  Picoseconds time;
  std::int64_t cycles = 0;
};

std::string name_of(const BoundTree& tree, const MemoryPorts& ports, const PortWait& wait) {
  std::string kind = loopsim::name_of(wait.cause, wait.detail);
  if (!wait.place) return kind;
  return fmt::format("{}:{}/{}/{}", kind, port_of(tree, ports, wait.place->server).name,
                     tree.graph.tensors[wait.place->words.tensor].name,
                     tree.graph.einsums[wait.place->words.einsum].name);
}

/// The waits of one cause. Each is rounded to cycles so that the sums up to it are rounded down.
std::vector<NamedWait> waits_of(const BoundTree& tree, const Machine& machine, const std::vector<Picoseconds>& waits,
                                StallCause cause) {
  std::vector<NamedWait> named;
  for (std::size_t i = 0; i < waits.size(); ++i) {
    const PortWait& wait = machine.ports().wait(WaitId(i));
    if (wait.cause != cause || waits[i] == Picoseconds()) continue;
    named.push_back({name_of(tree, machine.servers(), wait), WaitId(i), waits[i], 0});
  }
  std::sort(named.begin(), named.end(), [](const NamedWait& a, const NamedWait& b) { return a.name < b.name; });
  const Clock clock = machine.clock();
  Picoseconds sum;
  std::int64_t before = 0;
  for (NamedWait& wait : named) {
    sum += wait.time;
    const std::int64_t until = sum.value / clock.period.value;
    wait.cycles = until - before;
    before = until;
  }
  return named;
}

PortNeed& need_at(const BoundTree& tree, const MemoryPorts& ports, const PortWait& wait, StageAccount& account) {
  const PortWait::Place& place = *wait.place;
  const Port port = port_of(tree, ports, place.server);
  PortNeed need;
  need.cause = wait.cause;
  need.port = port.name;
  need.tensor = tree.graph.tensors[place.words.tensor].name;
  need.einsum = tree.graph.einsums[place.words.einsum].name;
  const auto known = std::find_if(account.ports.begin(), account.ports.end(), [&need](const PortNeed& other) {
    return other.port == need.port && other.tensor == need.tensor && other.einsum == need.einsum;
  });
  if (known != account.ports.end()) return *known;
  account.ports.push_back(std::move(need));
  return account.ports.back();
}

}  // namespace

void add_step_details(const BoundTree& tree, const Machine& machine, const std::vector<Picoseconds>& waits,
                      StageAccount& account) {
  for (const StallCause cause : causes_with_details) {
    for (const NamedWait& wait : waits_of(tree, machine, waits, cause)) {
      if (wait.cycles == 0) continue;
      account.detail[wait.name] += wait.cycles;
      const PortWait& kind = machine.ports().wait(wait.id);
      if (!kind.place) continue;
      PortNeed& need = need_at(tree, machine.servers(), kind, account);
      (kind.detail == PortDetail::rounding ? need.rounding : need.cycles) += wait.cycles;
      const LevelId level = port_of(tree, machine.servers(), kind.place->server).level;
      const auto word = static_cast<double>(tree.architecture.memories[level.value].datawidth_bits);
      need.step_words = static_cast<double>(kind.place->bits) / word;
      need.port_words = static_cast<double>(machine.ports().bits_per_second(kind.place->server)) /
                        static_cast<double>(tree.architecture.clock_hz) / word;
    }
  }
  std::stable_sort(account.ports.begin(), account.ports.end(),
                   [](const PortNeed& a, const PortNeed& b) { return a.cycles + a.rounding > b.cycles + b.rounding; });
}

void check_details(const StageAccount& account, std::vector<std::string>& errors) {
  for (const StallCause cause : causes_with_details) {
    const std::string prefix = std::string(to_string(cause)) + ".";
    std::int64_t sum = 0;
    for (const auto& [name, cycles] : account.detail) sum += name.rfind(prefix, 0) == 0 ? cycles : 0;
    const std::int64_t stall = account.stall[static_cast<std::size_t>(cause)];
    if (sum == stall) continue;
    errors.push_back(fmt::format("the finer causes of stall.{} of stage {} sum to {}, not to {}", to_string(cause),
                                 account.stage, sum, stall));
  }
}

}  // namespace loopsim
