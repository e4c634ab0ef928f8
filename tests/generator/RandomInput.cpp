#include "tests/generator/RandomInput.hpp"

#include <algorithm>

#include "tests/generator/Machine.hpp"
#include "tests/generator/RandomTree.hpp"
#include "tests/generator/RandomWorkload.hpp"
#include "tests/generator/WriteYaml.hpp"

namespace loopsim::generator {

namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Twice as much of what the machine has, where more is not slower by what the keys mean.
std::vector<std::string> doubled(const Settings& settings) {
  std::vector<std::string> found;
  for (const auto& [key, value] : settings) {
    const bool rate = ends_with(key, "bandwidth") && value != "inf";
    const bool count = ends_with(key, ".size") || ends_with(key, ".banks") || key == "noc.virtual_channels" ||
                       key == "noc.buffer" || key == "noc.flit" || key == "noc.networks" || key == "dram.channels" ||
                       key == "prefetch" || key == "dram.queue";
    if (rate || count) found.push_back("simulation." + key + "=(" + value + ")*2");
  }
  return found;
}

/// All in one file, or a file for each part, in any order.
void write_files(RandomInput& input, std::vector<std::string> parts, Dice& dice) {
  parts.erase(std::remove(parts.begin(), parts.end(), std::string()), parts.end());
  if (dice.percent(40)) {
    std::string all;
    for (const std::string& part : parts) all += part;
    parts = {all};
  } else if (dice.percent(50)) {
    dice.shuffle(parts);
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string name = "input" + std::to_string(i) + ".yaml";
    input.files.emplace_back(name, parts[i]);
    input.words.push_back(name);
  }
}

}  // namespace

RandomInput random_input(std::uint64_t seed) {
  Dice dice{seed * 0x2545f4914f6cdd1du + 1};
  const Workload workload = random_workload(dice);
  Machine machine = random_machine(dice);
  TreeRoom room = machine.room;
  if (room.columns == 0) room.columns = dice.pick(std::vector<int>{4, 8, 16});  // no limit
  if (room.rows == 0) room.rows = dice.pick(std::vector<int>{2, 8, 16});
  const RandomTree tree = random_tree(workload, room, random_tree_habits(dice), dice);
  add_machine_settings(machine, workload, dice);
  Machine workload_settings = machine;
  workload_settings.settings.clear();
  add_workload_settings(workload_settings, workload, dice);

  RandomInput input;
  input.tree = tree.features;
  input.pads = workload.pads;
  input.strides = workload.strides;
  input.sized = machine.sized;
  input.finite = doubled(machine.settings);
  Settings in_file = workload_settings.settings;
  std::vector<std::string> set;
  for (const auto& [key, value] : machine.settings) {
    if (!machine.preset.empty() || dice.percent(5)) {
      set.insert(set.end(), {"--set", "simulation." + key + "=" + value});
    } else {
      in_file.emplace_back(key, value);
    }
  }
  const bool numbers =
      machine.architecture.empty() && machine.preset.empty();  // then they tell how many levels there are
  const bool names = !numbers && dice.percent(40);
  write_files(input,
              {problem_text(workload, dice), mapping_text(workload, tree.nodes, machine, names), machine.architecture,
               machine.energies, settings_text(in_file)},
              dice);
  if (!machine.preset.empty()) {
    input.words.insert(input.words.begin() + static_cast<long>(dice.below(input.words.size() + 1)), machine.preset);
  }
  input.words.insert(input.words.end(), set.begin(), set.end());
  return input;
}

}  // namespace loopsim::generator
