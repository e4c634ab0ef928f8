#include "tests/comparison/RandomMachine.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sim/checks/FitCheck.hpp"

namespace loopsim {

namespace {

PortBandwidth random_ports(Choices& choices, std::int64_t clock_hz) {
  const auto rate = [&] { return clock_hz * choices.of<std::int64_t>({512, 64, 48, 16, 8, 5, 1}); };
  PortBandwidth ports;
  switch (choices.below(5)) {
    case 0:
      break;
    case 1:
      ports.shared = rate();
      break;
    case 2:
      ports.read = rate();
      ports.write = rate();
      break;
    case 3:
      ports.read = rate();
      ports.shared = rate();
      break;
    default:
      ports.write = rate();
      ports.shared = rate();
      break;
  }
  return ports;
}

/// For the rung `noc`.
void randomise_network(NocSettings& noc, Choices& choices) {
  noc.topology = choices.of<std::string>({"mesh", "mesh", "torus", "bus", "crossbar"});
  noc.flit_bits = choices.of<std::int64_t>({64, 16, 8});
  noc.networks = choices.of<std::int64_t>({1, 2, 3});
  if (choices.chance(50)) noc.buffer_ports = choices.of<std::int64_t>({1, 2, 3});
  if (choices.chance(50)) noc.side_ports = choices.of<std::int64_t>({1, 2, 3});
  noc.dram_ports = choices.of<std::int64_t>({1, 2});
  noc.virtual_channels = choices.of<std::int64_t>({2, 1, 4});
  if (noc.topology == "torus") noc.virtual_channels = std::max<std::int64_t>(noc.virtual_channels, 2);
  noc.link_delay = choices.of<std::int64_t>({1, 3});
}

/// For the rung `dram`.
void randomise_dram(DramSettings& dram, Choices& choices) {
  dram.part = choices.of<std::string>({"ddr4-2400-17", "lpddr4-3200", "lpddr5-6400", "hbm2-2000"});
  dram.mapping = choices.of<std::string>({"row:bank:bankgroup:column", "row:bank:column:bankgroup:channel",
                                          "bank:row:channel:bankgroup:column", "row:column:rank:bank:bankgroup"});
  dram.channels = choices.of<std::int64_t>({1, 2, 4});
  dram.ranks = choices.of<std::int64_t>({1, 2});
  dram.controller.queue_depth = choices.of<std::int64_t>({32, 4, 1});
  dram.controller.scheduler = choices.chance(30) ? DramScheduler::fcfs : DramScheduler::frfcfs;
  dram.controller.page = choices.chance(30) ? DramPage::closed : DramPage::open;
  const bool by_bank = dram.part != "ddr4-2400-17" && choices.chance(30);
  dram.controller.refresh = choices.chance(20) ? DramRefresh::off
                            : by_bank          ? DramRefresh::per_bank
                                               : DramRefresh::all_banks;
}

std::string number(std::optional<std::int64_t> n) {
  return n ? std::to_string(*n) : "-";
}

}  // namespace

void randomise_machine(BoundTree& tree, Choices& choices) {
  Architecture& machine = tree.architecture;
  machine.built_in_ideal = false;
  machine.clock_hz = choices.of<std::int64_t>({1'000'000'000, 700'000'000, 2'000'000'000});
  machine.prefetch = choices.between(0, 3);
  machine.dram.burst_bits = choices.of<std::int64_t>({512, 64, 24});
  machine.dram.separate_channels = choices.chance(30);
  randomise_dram(machine.dram, choices);
  randomise_network(*machine.noc, choices);
  machine.mesh.operation_overhead_cycles = choices.chance(30) ? choices.between(0, 9) : 0;
  machine.mesh.operation_latency_cycles = choices.chance(30) ? choices.between(0, 9) : 0;
  machine.mesh.hold_results = choices.chance(25);
  if (choices.chance(30)) machine.bus.bits_per_second = machine.clock_hz * choices.of<std::int64_t>({64, 16, 7});
  for (std::size_t level = 0; level < machine.memories.size(); ++level) {
    MemoryLevel& memory = machine.memories[level];
    memory.bandwidth = random_ports(choices, machine.clock_hz);
    memory.datawidth_bits = choices.of<std::int64_t>({8, 16, 12});
    if (level < 2) {
      memory.latency_cycles = choices.chance(50) ? choices.between(0, 40) : 0;
      memory.transfer_overhead_cycles = choices.chance(30) ? choices.between(0, 4) : 0;
    }
    if (level == 1) {
      memory.refetch = choices.chance(15);
      memory.early_write_back = choices.chance(30);
      if (choices.chance(30)) memory.copy_bandwidth = machine.clock_hz * choices.of<std::int64_t>({64, 9});
    }
  }
  for (Tensor& tensor : tree.graph.tensors) tensor.fill_after_copies = choices.chance(15);
  for (BoundTensor& tensor : tree.tensors) {
    if (choices.chance(15)) tensor.bits = choices.of<std::int64_t>({8, 4, 32});
  }
  if (machine.memories.size() > banked_level.value && choices.chance(80)) {
    MemoryLevel& buffer = machine.memories[banked_level.value];
    buffer.banks = BankSettings{choices.between(1, 5), choices.chance(50)};
    buffer.stated_line_bits = choices.of<std::int64_t>({128, 64, 32});
  }
  if (machine.memories.size() < 2 || choices.chance(25)) return;
  const Requirements needed = requirements(tree, make_schedule(tree));
  const auto space = needed.space.find(LevelId(1));
  if (space == needed.space.end() || space->second.bits == 0) return;
  const std::int64_t least = space->second.bits;
  machine.memories[1].size_bits = least + (choices.chance(50) ? choices.between(0, least) : 0);
}

std::string describe(const Architecture& machine) {
  std::string text = fmt::format(
      "clock {} prefetch {} burst {} separate channels {} operation overhead {} latency {} hold {} bus {}\n",
      machine.clock_hz, machine.prefetch, machine.dram.burst_bits, machine.dram.separate_channels,
      machine.mesh.operation_overhead_cycles, machine.mesh.operation_latency_cycles, machine.mesh.hold_results,
      number(machine.bus.bits_per_second));
  const NocSettings& noc = machine.noc.value_or(NocSettings());
  text += fmt::format("{} flit {} networks {} ports {}/{}/{} channels {} link {}\n", noc.topology,
                      number(noc.flit_bits), noc.networks, number(noc.buffer_ports), number(noc.side_ports),
                      noc.dram_ports, noc.virtual_channels, noc.link_delay);
  const DramSettings& dram = machine.dram;
  text += fmt::format("{} mapping {} channels {} ranks {} queue {} fcfs {} closed {} refresh {}\n", dram.part,
                      dram.mapping, dram.channels, number(dram.ranks), dram.controller.queue_depth,
                      dram.controller.scheduler == DramScheduler::fcfs, dram.controller.page == DramPage::closed,
                      static_cast<int>(dram.controller.refresh));
  for (const MemoryLevel& memory : machine.memories) {
    if (memory.banks) {
      text += fmt::format("{} banks of {} bits{}, ", memory.banks->count, memory.line_bits(),
                          memory.banks->dual_ported ? ", dual-ported" : "");
    }
    text += fmt::format("{}: size {} datawidth {} read {} write {} shared {} latency {} overhead {} refetch {}\n",
                        memory.name, number(memory.size_bits), memory.datawidth_bits, number(memory.bandwidth.read),
                        number(memory.bandwidth.write), number(memory.bandwidth.shared), memory.latency_cycles,
                        memory.transfer_overhead_cycles, memory.refetch);
  }
  return text;
}

}  // namespace loopsim
