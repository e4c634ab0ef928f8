#include "inputs/ArchitectureSettings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "arch/BoundlessRate.hpp"
#include "arch/FidelityName.hpp"
#include "arch/dram/DramPartLoader.hpp"
#include "arch/topologies/TopologyTable.hpp"

namespace loopsim {

namespace {

class ArchitectureApplier {
 public:
  ArchitectureApplier(Architecture& architecture, Diagnostics& diagnostics)
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
    } else if (path == "pe.adder_latency") {
      architecture_.mesh.adder_latency_cycles = setting.integer();
    } else if (path == "pe.operation_latency") {
      architecture_.mesh.operation_latency_cycles = setting.integer();
    } else if (path == "pe.hold_results") {
      architecture_.mesh.hold_results = setting.boolean();
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
    } else if (path.rfind("noc.", 0) == 0) {
      apply_to_network(*architecture_.noc, path.substr(4), setting);
    }
  }

  void apply_to_network(NocSettings& noc, std::string_view key, const SimulationSetting& setting) {
    if (key == "topology") {
      noc.topology = setting.word();
      topology_where_ = setting.where;
    } else if (key == "flit") {
      noc.flit_bits = setting.integer();
    } else if (key == "networks") {
      noc.networks = setting.integer();
    } else if (key == "buffer_ports") {
      noc.buffer_ports = setting.integer();
    } else if (key == "side_ports") {
      noc.side_ports = setting.integer();
    } else if (key == "dram_ports") {
      noc.dram_ports = setting.integer();
    } else if (key == "virtual_channels") {
      noc.virtual_channels = setting.integer();
      channels_where_ = setting.where;
    } else if (key == "buffer") {
      noc.buffer_flits = setting.integer();
    } else if (key == "routing_delay") {
      noc.routing_delay = setting.integer();
    } else if (key == "vc_allocation_delay") {
      noc.vc_allocation_delay = setting.integer();
    } else if (key == "switch_allocation_delay") {
      noc.switch_allocation_delay = setting.integer();
    } else if (key == "switch_traversal_delay") {
      noc.switch_traversal_delay = setting.integer();
    } else if (key == "link_delay") {
      noc.link_delay = setting.integer();
    } else if (key == "credit_delay") {
      noc.credit_delay = setting.integer();
    } else if (key == "hop_energy") {
      noc.hop_pj_per_bit = setting.number();
      hop_energy_given_ = true;
    }
  }

  /// What is missing beside a bandwidth for one direction is unlimited, as in Timeloop.
  void finish() {
    for (const std::string& name : replaced_) {
      for (MemoryLevel& level : architecture_.memories) {
        if (level.name == name) complete(level.bandwidth);
      }
    }
    for (MemoryLevel& level : architecture_.memories) finish_banks(level);
    if (topology_where_) finish_network(*architecture_.noc);
  }

 private:
  void apply_fidelity(const SimulationSetting& setting) {
    if (const auto fidelity = find_fidelity(setting.word())) architecture_.default_fidelity = *fidelity;
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
    else if (what == "early_write_back")
      level.early_write_back = setting.boolean();
    else if (what == "copy_bandwidth")
      level.copy_bandwidth = setting.integer_or_infinity();
    else if (what == "banks")
      banks_of(level, setting).count = setting.integer();
    else if (what == "bank_ports")
      banks_of(level, setting).dual_ported = setting.word() == "dual";
    else if (what == "line_bits") {
      banks_of(level, setting);
      level.stated_line_bits = setting.integer();
    } else {
      // One bandwidth given replaces all that the component's attributes say.
      if (replaced_.insert(level.name).second) level.bandwidth = {};
      const std::int64_t bits =
          std::min(setting.integer_or_infinity().value_or(boundless_bits_per_second), boundless_bits_per_second);
      if (what == "bandwidth")
        level.bandwidth.shared = bits;
      else if (what == "read_bandwidth")
        level.bandwidth.read = bits;
      else
        level.bandwidth.write = bits;
    }
  }

  /// Settings of banks may come in any order; without a number of banks they have no effect.
  BankSettings& banks_of(MemoryLevel& level, const SimulationSetting& setting) {
    const std::size_t index = static_cast<std::size_t>(&level - architecture_.memories.data());
    if (index != banked_level.value && warned_.insert(level.name).second) {
      diagnostics_.warning(
          setting.where,
          fmt::format("banks of '{}' have no effect; only level {} has banks{}", level.name, banked_level.value,
                      architecture_.memories.size() > banked_level.value
                          ? " ('" + architecture_.memories[banked_level.value].name + "')"
                          : ""));
    }
    if (setting.is("levels.NAME.banks")) counted_.insert(level.name);
    bank_settings_.emplace(level.name, setting.where);
    if (!level.banks) level.banks = BankSettings();
    return *level.banks;
  }

  void finish_network(NocSettings& noc) {
    const TopologyKind* const kind = find_topology(noc.topology);
    if (kind == nullptr) return;
    if (!hop_energy_given_) noc.hop_pj_per_bit = kind->hop_pj_per_bit;
    if (!channels_where_) noc.virtual_channels *= kind->channel_classes;
    if (noc.virtual_channels >= kind->channel_classes) return;
    diagnostics_.error(*channels_where_,
                       fmt::format("a {} needs at least {} virtual channels on each link, so that packets cannot wait "
                                   "for each other in a circle; simulation.noc.virtual_channels is {}",
                                   kind->name, kind->channel_classes, noc.virtual_channels));
  }

  void finish_banks(MemoryLevel& level) {
    const auto setting = bank_settings_.find(level.name);
    if (setting == bank_settings_.end()) return;
    if (counted_.count(level.name) == 0) {
      level.banks.reset();
      diagnostics_.warning(setting->second, fmt::format("no effect without simulation.levels.{}.banks", level.name));
    } else if (&level != architecture_.memories.data() + banked_level.value) {
      level.banks.reset();
    } else if (!level.bandwidth.unlimited()) {
      const PortBandwidth& ports = level.bandwidth;
      const double stated = static_cast<double>(ports.read.value_or(0)) + static_cast<double>(ports.write.value_or(0)) +
                            static_cast<double>(ports.shared.value_or(0));
      const double banked = static_cast<double>(level.banks->count) * static_cast<double>(level.line_bits()) *
                            static_cast<double>(architecture_.clock_hz) * (level.banks->dual_ported ? 2 : 1);
      if (banked < 0.9 * stated || banked > 1.1 * stated) {
        diagnostics_.warning(setting->second,
                             fmt::format("the banks of '{}' move {:.4g} bits/s, its bandwidth is {:.4g} bits/s; from "
                                         "the rung glb on the banks count",
                                         level.name, banked, stated));
      }
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
  std::map<std::string, SourcePosition> bank_settings_;  ///< by level: the first of them
  std::set<std::string> counted_;                        ///< levels whose number of banks is given
  std::set<std::string> warned_;
  std::optional<SourcePosition> topology_where_;
  std::optional<SourcePosition> channels_where_;
  bool hop_energy_given_ = false;
};

}  // namespace

void apply_settings(Architecture& architecture, const std::vector<SimulationSetting>& settings,
                    Diagnostics& diagnostics) {
  ArchitectureApplier applier(architecture, diagnostics);
  for (const SimulationSetting& setting : settings) {
    if (is_architecture_setting(*setting.key)) applier.apply(setting);
  }
  applier.finish();
}

bool is_architecture_setting(const SimulationKey& key) {
  return key.path.rfind("tensors.", 0) != 0 && key.path.rfind("einsums.", 0) != 0;
}

}  // namespace loopsim
