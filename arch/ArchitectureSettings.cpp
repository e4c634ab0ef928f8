#include "arch/ArchitectureSettings.hpp"

#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>

#include "arch/FidelityName.hpp"
#include "arch/dram/DramPartLoader.hpp"

namespace loopsim {

namespace {

class Applier {
 public:
  Applier(Architecture& architecture, Diagnostics& diagnostics)
      : architecture_(architecture), diagnostics_(diagnostics) {}

  void apply(const SimulationSetting& setting) {
    const std::string_view path = setting.key->path;
    if (path.rfind("levels.", 0) == 0) {
      if (MemoryLevel* level = find_level(setting)) apply_to_level(*level, setting);
    } else if (path == "clock") {
      architecture_.clock_hz = setting.integer();
    } else if (path == "fidelity") {
      apply_fidelity(setting);
    } else if (path == "prefetch") {
      architecture_.prefetch = setting.integer();
    } else if (path == "pe.mesh") {
      architecture_.mesh.columns = setting.list()[0];
      architecture_.mesh.rows = setting.list()[1];
    } else if (path == "pe.partition.STAGE") {
      architecture_.mesh.partition[setting.name] = setting.integer();
    } else if (path == "pe.operation_overhead") {
      architecture_.mesh.operation_overhead_cycles = setting.integer();
    } else if (path == "pe.operation_latency") {
      architecture_.mesh.operation_latency_cycles = setting.integer();
    } else if (path == "dram.burst") {
      architecture_.dram.burst_bits = setting.integer();
    } else if (path == "dram.separate_channels") {
      architecture_.dram.separate_channels = setting.boolean();
    } else if (path.rfind("dram.", 0) == 0) {
      apply_to_dram(architecture_.dram, path.substr(std::string_view("dram.").size()), setting);
    } else if (path == "noc.bandwidth") {
      architecture_.bus.bits_per_second = setting.integer_or_infinity();
    } else if (path == "noc.latency") {
      architecture_.bus.latency_cycles = setting.integer();
    }
  }

  /// What is missing beside a bandwidth for one direction is unlimited, as in Timeloop.
  void finish() {
    for (const std::string& name : replaced_) {
      for (MemoryLevel& level : architecture_.memories) {
        if (level.name == name) complete(level.bandwidth);
      }
    }
  }

 private:
  void apply_fidelity(const SimulationSetting& setting) {
    const auto fidelity = find_fidelity(setting.word());
    if (fidelity && is_modelled(*fidelity)) {
      architecture_.default_fidelity = *fidelity;
    } else {
      diagnostics_.error(setting.where, not_modelled_message(setting.word()));
    }
  }

  void apply_to_dram(DramSettings& dram, std::string_view what, const SimulationSetting& setting) {
    DramControllerSettings& controller = dram.controller;
    if (what == "part") {
      dram.part = setting.word();
      dram.part_where = setting.where;
      check_part(setting);
    } else if (what == "mapping") {
      dram.mapping = setting.word();
      dram.mapping_where = setting.where;
    } else if (what == "channels") {
      dram.channels = power_of_two(setting);
    } else if (what == "ranks") {
      dram.ranks = power_of_two(setting);
    } else if (what == "queue") {
      controller.queue_depth = setting.integer();
    } else if (what == "scheduler") {
      controller.scheduler = setting.word() == "fcfs" ? DramScheduler::fcfs : DramScheduler::frfcfs;
    } else if (what == "page") {
      controller.page = setting.word() == "closed" ? DramPage::closed : DramPage::open;
    } else {
      controller.refresh = setting.word() == "off"    ? DramRefresh::off
                           : setting.word() == "bank" ? DramRefresh::per_bank
                                                      : DramRefresh::all_banks;
    }
  }

  /// What is wrong inside a part's file is told there, a wrong name where it stands.
  void check_part(const SimulationSetting& setting) {
    try {
      load_dram_part(setting.word());
    } catch (const InputError& error) {
      for (const Diagnostic& item : error.diagnostics.all()) {
        const bool placed = item.where.source && item.where.line > 0;
        diagnostics_.error(placed ? item.where : setting.where, item.message);
      }
    }
  }

  std::int64_t power_of_two(const SimulationSetting& setting) {
    const std::int64_t number = setting.integer();
    if ((number & (number - 1)) != 0) {
      diagnostics_.error(setting.where, fmt::format("expected a power of two, got {}", number));
    }
    return number;
  }

  MemoryLevel* find_level(const SimulationSetting& setting) {
    std::vector<std::string> names;
    for (MemoryLevel& level : architecture_.memories) {
      if (level.name == setting.name) return &level;
      names.push_back(level.name);
    }
    if (!reported_.insert(setting.name).second) return nullptr;
    const bool computes = setting.name == architecture_.compute.name;
    diagnostics_.error(setting.name_where,
                       computes ? fmt::format("level '{}' computes; only memories have settings here", setting.name)
                                : fmt::format("unknown level '{}'{}", setting.name, did_you_mean(setting.name, names)));
    return nullptr;
  }

  void apply_to_level(MemoryLevel& level, const SimulationSetting& setting) {
    const std::string_view what = setting.key->path.substr(std::string_view("levels.NAME.").size());
    if (what == "size")
      level.size_bits = setting.integer_or_infinity();
    else if (what == "datawidth")
      level.datawidth_bits = setting.integer();
    else if (what == "width")
      level.width_bits = setting.integer();
    else if (what == "latency")
      level.latency_cycles = setting.integer();
    else if (what == "transfer_overhead")
      level.transfer_overhead_cycles = setting.integer();
    else if (what == "refetch")
      level.refetch = setting.boolean();
    else {
      // One bandwidth given replaces all that the component's attributes say.
      if (replaced_.insert(level.name).second) level.bandwidth = {};
      const std::int64_t bits = setting.integer_or_infinity().value_or(boundless_bits_per_second);
      if (what == "bandwidth")
        level.bandwidth.shared = bits;
      else if (what == "read_bandwidth")
        level.bandwidth.read = bits;
      else
        level.bandwidth.write = bits;
    }
  }

  static void complete(PortBandwidth& bandwidth) {
    if (bandwidth.shared == boundless_bits_per_second) bandwidth = {};
    if (bandwidth.shared) return;
    const auto limited = [](const std::optional<std::int64_t>& bits) {
      return bits && *bits < boundless_bits_per_second;
    };
    if (!limited(bandwidth.read) && !limited(bandwidth.write)) {
      bandwidth = {};
      return;
    }
    if (!bandwidth.read) bandwidth.read = boundless_bits_per_second;
    if (!bandwidth.write) bandwidth.write = boundless_bits_per_second;
  }

  Architecture& architecture_;
  Diagnostics& diagnostics_;
  std::set<std::string> replaced_;
  std::set<std::string> reported_;
};

}  // namespace

void apply_settings(Architecture& architecture, const std::vector<SimulationSetting>& settings,
                    Diagnostics& diagnostics) {
  Applier applier(architecture, diagnostics);
  for (const SimulationSetting& setting : settings) {
    if (is_architecture_setting(*setting.key)) applier.apply(setting);
  }
  applier.finish();
}

bool is_architecture_setting(const SimulationKey& key) {
  return key.path.rfind("tensors.", 0) != 0 && key.path.rfind("einsums.", 0) != 0;
}

}  // namespace loopsim
