#include <algorithm>

#include "tests/generator/Machine.hpp"

namespace loopsim::generator {

namespace {

struct SettingsDraft {
  Machine& machine;
  Dice& dice;

  void set(const std::string& key, const std::string& value) { machine.settings.emplace_back(key, value); }
  void set(const std::string& key, long long value) { set(key, std::to_string(value)); }
  /// Sets a key in some share of the inputs.
  void perhaps(int share, const std::string& key, const std::vector<std::string>& values) {
    if (dice.percent(share)) set(key, dice.pick(values));
  }
  void perhaps(int share, const std::string& key, int low, int high) {
    if (dice.percent(share)) set(key, dice.between(low, high));
  }
};

void add_sizes(SettingsDraft& draft, const Workload& workload) {
  Machine& machine = draft.machine;
  Dice& dice = draft.dice;
  long long all = 0;
  for (const Tensor& tensor : workload.tensors) all += words(tensor);
  for (int level = 1; level < machine.room.memories; ++level) {
    if (!dice.percent(level == 1 ? 50 : 30)) continue;
    const int share = dice.pick(std::vector<int>{30, 60, 80, 100, 100, 150, 200, 400});
    const long long size = std::max<long long>(8, all * share / 100) * machine.word_bits;
    draft.set("levels." + machine.levels[level] + ".size", size);
    machine.sized = true;
  }
}

void add_levels(SettingsDraft& draft) {
  Machine& machine = draft.machine;
  Dice& dice = draft.dice;
  const std::vector<std::string> rates = {"4e9", "16e9", "64e9", "256e9", "2048e9", "12.8e9*8", "inf"};
  for (int level = 0; level < machine.room.memories; ++level) {
    const std::string name = "levels." + machine.levels[level] + ".";
    if (dice.percent(40)) {
      if (dice.percent(60)) {
        draft.set(name + "bandwidth", dice.pick(rates));
      } else {
        draft.set(name + "read_bandwidth", dice.pick(rates));
        draft.set(name + "write_bandwidth", dice.pick(rates));
      }
    }
    draft.perhaps(30, name + "latency", 0, 120);
    draft.perhaps(10, name + "transfer_overhead", 1, 20);
    if (level == 0) continue;
    draft.perhaps(5, name + "refetch", {"true"});
    draft.perhaps(12, name + "early_write_back", {"true"});
    if (level == 1) draft.perhaps(12, name + "copy_bandwidth", rates);
  }
  if (machine.room.memories < 2) return;
  const std::string buffer = "levels." + machine.levels[1] + ".";
  if (machine.preset.empty() && !dice.percent(45)) return;
  if (machine.preset.empty() || dice.percent(30)) {
    draft.perhaps(100, buffer + "banks", {"1", "2", "3", "4", "8", "16"});
    machine.line_bits = machine.word_bits * dice.pick(std::vector<int>{1, 2, 4, 8, 16});
    draft.set(buffer + "line_bits", machine.line_bits);
    draft.perhaps(50, buffer + "bank_ports", {"single", "dual"});
  }
}

void add_dram(SettingsDraft& draft) {
  Dice& dice = draft.dice;
  draft.perhaps(15, "dram.burst", {"64", "128", "256", "512", "1024"});
  draft.perhaps(12, "dram.separate_channels", {"true"});
  if (dice.percent(25)) {
    const std::string part =
        dice.pick(std::vector<std::string>{"ddr4-2400-17", "hbm2-2000", "lpddr4-3200", "lpddr5-6400"});
    draft.set("dram.part", part);
    if (part != "ddr4-2400-17") draft.perhaps(20, "dram.refresh", {"bank"});
  } else {
    draft.perhaps(15, "dram.refresh", {"all", "off"});
  }
  if (dice.percent(25)) {
    std::vector<std::string> fields = {"row", "bank", "bankgroup", "column"};
    dice.shuffle(fields);
    if (dice.percent(30)) fields.insert(fields.begin() + static_cast<long>(dice.below(5)), "channel");
    std::string text;
    for (const std::string& field : fields) text += (text.empty() ? "" : ":") + field;
    draft.set("dram.mapping", text);
  }
  draft.perhaps(20, "dram.channels", {"1", "2", "4", "8"});
  draft.perhaps(10, "dram.ranks", {"1", "2"});
  draft.perhaps(15, "dram.queue", {"1", "4", "8", "32", "64"});
  draft.perhaps(10, "dram.scheduler", {"fcfs", "frfcfs"});
  draft.perhaps(10, "dram.page", {"open", "closed"});
}

void add_network(SettingsDraft& draft) {
  const std::string topology =
      draft.dice.pick(std::vector<std::string>{"", "", "", "mesh", "torus", "bus", "crossbar"});
  if (!topology.empty()) draft.set("noc.topology", topology);
  draft.perhaps(25, "noc.bandwidth", {"8e9", "64e9", "512e9", "inf"});
  draft.perhaps(20, "noc.latency", 0, 10);
  draft.perhaps(30, "noc.flit", {"8", "16", "32", "64", "128", "256"});
  draft.perhaps(40, "noc.networks", {"1", "2", "3", "4"});
  draft.perhaps(20, "noc.buffer_ports", {"1", "2", "4", "28"});
  draft.perhaps(20, "noc.side_ports", {"1", "2", "4", "28"});
  draft.perhaps(15, "noc.dram_ports", {"1", "2", "4"});
  if (topology == "torus") {
    draft.perhaps(30, "noc.virtual_channels", {"2", "3", "4", "5", "8"});  // one is refused
  } else {
    draft.perhaps(30, "noc.virtual_channels", {"1", "2", "3", "4", "8"});
  }
  draft.perhaps(20, "noc.buffer", {"4", "8", "16", "64"});
  draft.perhaps(6, "noc.routing_delay", 0, 3);
  draft.perhaps(6, "noc.link_delay", 0, 3);
  draft.perhaps(6, "noc.credit_delay", 0, 3);
  draft.perhaps(6, "noc.switch_traversal_delay", 0, 3);
  draft.perhaps(6, "noc.hop_energy", {"0", "0.07", "0.5"});
}

/// Lines along a permutation of the axes, in them words of one or two axes as many as fit.
std::string random_layout(Dice& dice, const Tensor& tensor, int words_of_line) {
  std::string order = tensor.axes;
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[dice.below(i)]);
  std::string text = order + "_";
  const std::size_t inner = dice.below(order.size());
  if (dice.percent(40)) return text + order[inner];
  const int first = dice.between(1, words_of_line);
  text += order[inner] + std::to_string(first);
  if (order.size() > 1 && words_of_line / first > 1 && dice.percent(40)) {
    text += order[(inner + 1) % order.size()] + std::to_string(dice.between(1, words_of_line / first));
  }
  return text;
}

}  // namespace

void add_machine_settings(Machine& machine, const Workload& workload, Dice& dice) {
  SettingsDraft draft{machine, dice};
  draft.perhaps(25, "clock", {"500000000", "800e6", "1e9", "1333333333"});
  draft.perhaps(50, "prefetch", {"0", "1", "1", "2", "3", "5", "16"});
  draft.perhaps(10, "pe.operation_overhead", 1, 10);
  draft.perhaps(15, "pe.operation_latency", 0, 10);
  draft.perhaps(10, "pe.adder_latency", 0, 3);
  draft.perhaps(6, "pe.hold_results", {"true"});
  if (machine.room.columns > 0 && dice.percent(15)) {
    const int times = dice.between(1, 2);
    draft.set("pe.mesh", "[" + std::to_string(machine.room.columns * times) + ", " +
                             std::to_string(machine.room.rows * times) + "]");
  }
  if (machine.preset.empty()) add_sizes(draft, workload);
  if (dice.percent(80)) add_levels(draft);
  if (dice.percent(75)) add_dram(draft);
  if (dice.percent(80)) add_network(draft);
}

void add_workload_settings(Machine& machine, const Workload& workload, Dice& dice) {
  SettingsDraft draft{machine, dice};
  for (const Einsum& einsum : workload.einsums) {
    if (einsum.operation != "mac" || dice.percent(10)) {
      draft.set("einsums." + einsum.name + ".operation", einsum.operation);
    }
    draft.perhaps(6, "einsums." + einsum.name + ".steps", {"2", "3", "8"});
    draft.perhaps(4, "einsums." + einsum.name + ".energy", {"0.25", "3"});
  }
  const bool mixed = dice.percent(15);
  const bool layouts = machine.line_bits > 0 && workload.names_axes && dice.percent(70);
  for (const Tensor& tensor : workload.tensors) {
    const std::string name = "tensors." + tensor.name + ".";
    if (tensor.shaped) {
      std::string shape;
      for (const int extent : tensor.extents) shape += (shape.empty() ? "[" : ", ") + std::to_string(extent);
      draft.set(name + "shape", shape + "]");
    }
    int bits = machine.word_bits;
    if (mixed && dice.percent(50)) {
      bits = dice.pick(std::vector<int>{4, 8, 8, 16});
      if (machine.line_bits > 0) bits = std::min(bits, machine.line_bits);
      draft.set(name + "bits", bits);
    }
    draft.perhaps(4, name + "fill_after_copies", {"true"});
    if (layouts && dice.percent(60)) draft.set(name + "layout", random_layout(dice, tensor, machine.line_bits / bits));
    if (machine.line_bits > 0) draft.perhaps(8, name + "first_bank", 0, 9);
  }
}

}  // namespace loopsim::generator
