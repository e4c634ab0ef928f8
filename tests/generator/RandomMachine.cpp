#include "tests/generator/Machine.hpp"

namespace loopsim::generator {

namespace {

std::string attributes(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return items.empty() ? "" : ", attributes: {" + text + "}";
}

std::string number(int value) {
  return std::to_string(value);
}

/// Bandwidth in any of the ways that Timeloop has for it, or none.
void add_ports(Dice& dice, std::vector<std::string>& items, int word_bits) {
  switch (dice.between(0, 4)) {
    case 0:
      items.push_back("width: " + number(word_bits * dice.pick(std::vector<int>{1, 2, 4, 8, 32})));
      items.push_back("n_rd_ports: " + number(dice.between(1, 4)));
      items.push_back("n_wr_ports: " + number(dice.between(1, 3)));
      break;
    case 1:
      items.push_back("width: " + number(word_bits * dice.pick(std::vector<int>{1, 4, 8, 16})));
      items.push_back("n_rdwr_ports: " + number(dice.between(1, 4)));
      break;
    case 2:
      items.push_back("read_bandwidth: " + number(dice.between(1, 32)));
      items.push_back("write_bandwidth: " + number(dice.between(1, 32)));
      break;
    case 3:
      items.push_back("shared_bandwidth: " + number(dice.between(1, 40)));
      break;
    default:
      break;  // as wide as one likes
  }
}

std::string component(const std::string& name, const std::string& kind, const std::vector<std::string>& items) {
  return "  - !Component {name: " + name + ", class: " + kind + attributes(items) + "}\n";
}

void describe_own(Machine& machine, Dice& dice) {
  const std::string bits = number(machine.word_bits);
  std::string& text = machine.architecture;
  text = "architecture:\n";
  if (dice.percent(40)) text += "  version: 0.4\n";
  text += "  nodes:\n";
  if (dice.percent(20)) text += "  - !Container {name: chip}\n";
  std::vector<std::string> memory = {"datawidth: " + bits};
  if (dice.percent(60)) memory.push_back("width: " + number(machine.word_bits * dice.pick(std::vector<int>{1, 4, 8})));
  if (dice.percent(50)) {
    memory.push_back("type: " + dice.pick(std::vector<std::string>{"LPDDR4", "DDR4", "HBM2", "LPDDR5"}));
  }
  text += component(machine.levels[0], dice.pick(std::vector<std::string>{"DRAM", "DRAM", "HBM2"}), memory);
  for (int level = 1; level < machine.room.memories; ++level) {
    if (level == 2) {
      const std::string mesh =
          ", spatial: {meshX: " + number(machine.room.columns) + ", meshY: " + number(machine.room.rows) + "}";
      text += "  - !Container {name: PE" + (machine.room.columns > 0 ? mesh : std::string()) + "}\n";
    }
    std::vector<std::string> items;
    if (dice.percent(80)) items.push_back("datawidth: " + bits);
    if (items.empty()) {
      items.push_back("word_bits: " + bits);
    }
    add_ports(dice, items, machine.word_bits);
    if (dice.percent(25)) items.push_back("latency: " + number(dice.between(0, 12)));
    text += component(machine.levels[level],
                      level == 1 ? dice.pick(std::vector<std::string>{"SRAM", "smartbuffer_SRAM"}) : "regfile", items);
  }
  std::vector<std::string> items = {"datawidth: " + bits};
  if (machine.room.columns > 0 && machine.room.memories < 3) {
    items.push_back("meshX: " + number(machine.room.columns));
    items.push_back("meshY: " + number(machine.room.rows));
  }
  if (dice.percent(30))
    items.push_back("cycle_time: " + dice.pick(std::vector<std::string>{"1e-9", "2e-9", "1.25e-9"}));
  text += component(machine.levels.back(), dice.percent(70) ? "intmac" : "compute", items);
}

void describe_energies(Machine& machine, Dice& dice) {
  machine.energies = "ERT:\n  version: 0.4\n  tables:\n";
  for (std::size_t i = 0; i + 1 < machine.levels.size(); ++i) {
    if (dice.percent(30)) continue;
    machine.energies += "  - {name: 'chip." + machine.levels[i] +
                        "[1..1]', actions: [{name: read, energy: " + number(dice.between(0, 300)) +
                        ".5}, {name: write, energy: " + number(dice.between(0, 300)) +
                        (dice.percent(50) ? "}, {name: leak, energy: 0.01}]}\n" : "}]}\n");
  }
  machine.energies += "  - {name: " + machine.levels.back() + ", actions: [{name: mac, energy: 0.8}]}\n";
}

}  // namespace

Machine random_machine(Dice& dice) {
  Machine machine;
  const int kind = dice.between(0, 99);
  if (kind < 12) {
    const bool large = dice.percent(40);
    machine.preset = large ? "preset:large" : "preset:edge";
    machine.room = {3, large ? 32 : 16, large ? 32 : 16};
    machine.levels = {"MainMemory", "GlobalBuffer", "PEBuffer", "MACs"};
    machine.line_bits = large ? 256 : 128;
    machine.sized = true;
    return machine;
  }
  machine.room.memories = dice.pick(std::vector<int>{1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4});
  if (kind < 30) {  // no architecture at all
    machine.room.columns = machine.room.rows = 0;
    machine.levels = {"MainMemory", "GlobalBuffer", "PEBuffer", "PEBuffer3"};
    machine.levels.resize(static_cast<std::size_t>(machine.room.memories));
    machine.levels.emplace_back("MACs");
    return machine;
  }
  machine.word_bits = dice.pick(std::vector<int>{8, 8, 8, 16, 16, 32, 4});
  const bool mesh = dice.percent(70);
  machine.room.columns = mesh ? dice.pick(std::vector<int>{2, 4, 4, 8, 8, 14, 16, 24}) : 0;
  machine.room.rows = mesh ? dice.pick(std::vector<int>{1, 2, 4, 4, 8, 12, 16}) : 0;
  machine.levels = dice.percent(50) ? std::vector<std::string>{"DRAM", "Glb", "Spad", "Reg"}
                                    : std::vector<std::string>{"OffChip", "L2", "L1", "RF"};
  machine.levels.resize(static_cast<std::size_t>(machine.room.memories));
  machine.levels.emplace_back(dice.percent(50) ? "MACs" : "Alu");
  describe_own(machine, dice);
  if (dice.percent(20)) describe_energies(machine, dice);
  return machine;
}

}  // namespace loopsim::generator
