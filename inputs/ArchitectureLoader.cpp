#include "inputs/ArchitectureLoader.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "arch/BoundlessRate.hpp"
#include "arch/ComponentList.hpp"
#include "arch/EnergyTable.hpp"
#include "base/DocumentReader.hpp"
#include "base/Quantity.hpp"
#include "inputs/TimeBound.hpp"

namespace loopsim {

namespace {

constexpr IntegerRange positive = {1, IntegerRange{}.high};
constexpr IntegerRange number_of_ports = {0, 1'000'000};
// As of the keys that say the same, in inputs/settings/SettingLimits.hpp.
constexpr IntegerRange bits_of_word = {1, 65'536};
constexpr IntegerRange bits_of_access = {1, 1'000'000'000};

class ArchitectureLoader {
 public:
  ArchitectureLoader(std::optional<std::int64_t> clock_hz, Diagnostics& diagnostics)
      : clock_hz_(clock_hz), diagnostics_(diagnostics) {}

  Architecture load(const DocumentNode& node) {
    if (node.is_map() && find_key(node, "subtree")) {
      diagnostics_.error(node.where,
                         "this is an architecture of Timeloop v3 or older ('subtree'); expected v4 'nodes'");
      return architecture_;
    }
    MapReader reader(node, "architecture", diagnostics_);
    reader.ignore("version");
    reader.ignore("name");
    const DocumentNodePtr nodes = reader.required("nodes");
    reader.finish();
    if (nodes) list_ = list_components(*nodes, diagnostics_);
    architecture_.mesh = list_.mesh;
    settle_clock();
    if (nodes) build(node);
    if (!list_.without_effect.empty()) {
      diagnostics_.warning(list_.without_effect_where,
                           fmt::format("no effect here: {}", fmt::join(list_.without_effect, ", ")));
    }
    return architecture_;
  }

 private:
  std::optional<double> cycle_time(const Component& component) {
    const auto node = component.attributes.find({"cycle_time", "global_cycle_seconds", "cycle_seconds"});
    if (!node) return std::nullopt;
    return read_finite_number(*node, "cycle_time", diagnostics_, {1e-12, 1}, "s");
  }

  void settle_clock() {
    std::optional<double> seconds;
    for (auto component = list_.components.rbegin(); component != list_.components.rend(); ++component) {
      const auto own = cycle_time(*component);
      if (own && !seconds) seconds = own;
      if (own && *own != *seconds) {
        diagnostics_.warning(component->where,
                             fmt::format("the whole machine has one clock; the cycle time of '{}', {} s, "
                                         "is not used ({} s is)",
                                         component->name, *own, *seconds));
      }
    }
    // Nobody builds a machine of less than 100 kHz.
    constexpr double longest_cycle = 1e-5;
    if (!clock_hz_ && seconds && *seconds > longest_cycle) {
      diagnostics_.warning(
          list_.components.back().where,
          fmt::format("a cycle time of {} s is a clock of {:g} Hz; cycle_time is in seconds, 1e-9 is 1 "
                      "GHz",
                      *seconds, 1 / *seconds));
    }
    if (clock_hz_) {
      architecture_.clock_hz = *clock_hz_;
    } else if (seconds) {
      architecture_.clock_hz = std::llround(1 / *seconds);
    }
  }

  void build(const DocumentNode& node) {
    architecture_.built_in_ideal = false;
    architecture_.default_fidelity = Fidelity::bandwidth;
    const auto computes = [](const Component& component) { return component.kind == ComponentClass::compute; };
    bool computes_early = false;
    for (std::size_t i = 0; i < list_.components.size(); ++i) {
      const Component& component = list_.components[i];
      const bool is_last = i + 1 == list_.components.size();
      if (computes(component) && !is_last) {
        computes_early = true;
        diagnostics_.error(component.where,
                           fmt::format("component '{}' computes but is not the last; expected memories "
                                       "and then one compute component",
                                       component.name));
      } else if (computes(component)) {
        build_compute(component);
      } else {
        build_memory(component);
      }
    }
    if (computes_early) return;
    if (list_.components.empty() || !computes(list_.components.back())) {
      diagnostics_.error(list_.components.empty() ? node.where : list_.components.back().where,
                         "the last component of the architecture must compute (class intmac, fpmac, mac, compute)");
    } else if (architecture_.memories.empty()) {
      diagnostics_.error(node.where, "the architecture has no memory");
    }
  }

  void build_compute(const Component& component) {
    architecture_.compute.name = component.name;
    architecture_.compute.where = component.where;
    if (const auto node = component.attributes.find({"datawidth", "word_bits", "width"})) {
      architecture_.compute.datawidth_bits =
          read_integer(*node, "datawidth", diagnostics_, bits_of_word, "bits").value_or(8);
    }
    widen_mesh(architecture_.mesh, component.attributes.find({"meshX"}), component.attributes.find({"meshY"}), false,
               diagnostics_);
  }

  void build_memory(const Component& component) {
    const ComponentAttributes& attributes = component.attributes;
    MemoryLevel memory;
    memory.name = component.name;
    memory.where = component.where;
    memory.kind = component.kind == ComponentClass::dram   ? MemoryKind::dram
                  : component.kind == ComponentClass::sram ? MemoryKind::sram
                                                           : MemoryKind::register_file;
    const auto width = integer(attributes, {"width", "memory_width"}, bits_of_access, "bits");
    const auto block_size = integer(attributes, {"block_size", "n_words"}, bits_of_access, "words");
    const auto datawidth = integer(attributes, {"datawidth", "word_bits"}, bits_of_word, "bits");
    if (datawidth) {
      memory.datawidth_bits = *datawidth;
    } else if (width && block_size && *width % *block_size == 0 && *width / *block_size <= bits_of_word.high) {
      memory.datawidth_bits = *width / *block_size;
    } else {
      diagnostics_.warning(component.where, fmt::format("'{}' has no datawidth; 8 bits are assumed", component.name));
    }
    memory.width_bits = width.value_or(memory.datawidth_bits * block_size.value_or(1));
    if (memory.width_bits < memory.datawidth_bits) {
      diagnostics_.error(component.where, fmt::format("'{}' is {} bits wide, less than one word of {} bits",
                                                      component.name, memory.width_bits, memory.datawidth_bits));
    }
    if (memory.width_bits > bits_of_access.high) {
      diagnostics_.error(component.where, fmt::format("'{}' is {} bits wide (block_size words of datawidth bits); "
                                                      "expected at most {}",
                                                      component.name, memory.width_bits, bits_of_access.high));
    }
    memory.size_bits = size_bits(component, memory);
    memory.bandwidth = port_bandwidth(component, memory, width.has_value() || block_size.has_value());
    if (const auto node = attributes.find({"latency"})) {
      memory.latency_cycles =
          read_integer(*node, "latency", diagnostics_, {0, 1'000'000'000'000}, "cycles").value_or(0);
      report_overlong("latency", memory.latency_cycles, architecture_.clock_hz, node->where, diagnostics_);
    }
    widen_mesh_by_memory(component, memory);
    if (const auto type = attributes.find({"type"}); type && memory.kind == MemoryKind::dram) {
      set_dram_type(*type, memory);
    }
    architecture_.memories.push_back(std::move(memory));
  }

  /// Buffers of PEs are as many as the PEs. Of the other memories there is one, as far as spatial loops do not spread
  /// over several.
  void widen_mesh_by_memory(const Component& component, const MemoryLevel& memory) {
    const DocumentNodePtr x = component.attributes.find({"meshX"});
    const DocumentNodePtr y = component.attributes.find({"meshY"});
    if (!x && !y) return;
    const auto is_one = [](const DocumentNodePtr& extent) { return !extent || extent->text == "1"; };
    if (is_one(x) && is_one(y)) return;
    const SourcePosition& where = x ? x->where : y->where;
    if (memory.kind == MemoryKind::dram) {
      diagnostics_.error(where,
                         fmt::format("'{}' is main memory and no part of the PE mesh; meshX and meshY belong to the "
                                     "container of the PEs or to what lies in a PE, channels of memory are "
                                     "simulation.dram.channels",
                                     memory.name));
      return;
    }
    if (memory.kind == MemoryKind::sram) {
      diagnostics_.warning(where,
                           fmt::format("meshX and meshY of the buffer '{}' make the PE mesh at least that large; "
                                       "for PEs below one buffer give them to a !Container behind it, or to the "
                                       "compute component",
                                       memory.name));
    }
    widen_mesh(architecture_.mesh, x, y, false, diagnostics_);
  }

  void set_dram_type(const DocumentNode& type, MemoryLevel& memory) {
    const auto name = read_text(type, "type", diagnostics_);
    if (!name) return;
    if (dram_energy(*name, memory.width_bits)) {
      memory.dram_type = *name;
    } else {
      diagnostics_.warning(
          type.where, fmt::format("no energy is known for DRAM of type '{}'; {} is assumed", *name, default_dram_type));
    }
  }

  std::optional<std::int64_t> integer(const ComponentAttributes& attributes,
                                      std::initializer_list<std::string_view> spellings, IntegerRange range,
                                      std::string_view unit = {}) {
    const auto node = attributes.find(spellings);
    if (!node) return std::nullopt;
    return read_integer(*node, *spellings.begin(), diagnostics_, range, unit);
  }

  std::optional<std::int64_t> size_bits(const Component& component, const MemoryLevel& memory) {
    struct Spelling {
      std::initializer_list<std::string_view> names;
      std::int64_t unit_bits;
      std::string_view unit;
    };
    const Spelling spellings[] = {{{"depth", "memory_depth"}, memory.width_bits, "accesses of the width"},
                                  {{"entries"}, memory.datawidth_bits, "words"},
                                  {{"sizeKB"}, 8 * 1024, "KiB"},
                                  {{"size"}, 1, "bits"}};
    std::optional<std::int64_t> size;
    std::string_view given;
    for (const Spelling& spelling : spellings) {
      const auto node = component.attributes.find(spelling.names);
      if (!node) continue;
      if (!given.empty()) {
        diagnostics_.error(node->where, fmt::format("'{}' has both '{}' and '{}'; give its size once", component.name,
                                                    given, *spelling.names.begin()));
        return size;
      }
      given = *spelling.names.begin();
      if (is_infinite(*node)) continue;
      const auto amount = read_integer(*node, given, diagnostics_, positive, spelling.unit);
      if (!amount) continue;
      const std::int64_t most = positive.high / spelling.unit_bits;
      if (*amount > most) {
        diagnostics_.error(node->where, fmt::format("{}: {} times {} bits exceeds 2^63 - 1 bits; expected at most {}",
                                                    given, *amount, spelling.unit_bits, most));
      } else {
        size = *amount * spelling.unit_bits;
      }
    }
    return size;
  }

  PortBandwidth port_bandwidth(const Component& component, const MemoryLevel& memory, bool width_is_known) {
    const ComponentAttributes& attributes = component.attributes;
    PortBandwidth bandwidth;
    bandwidth.read = words_per_cycle(attributes.find({"read_bandwidth"}), memory);
    bandwidth.write = words_per_cycle(attributes.find({"write_bandwidth"}), memory);
    bandwidth.shared = words_per_cycle(attributes.find({"shared_bandwidth"}), memory);
    if (!bandwidth.unlimited()) {
      const bool all_boundless = bandwidth.read.value_or(boundless_bits_per_second) == boundless_bits_per_second &&
                                 bandwidth.write.value_or(boundless_bits_per_second) == boundless_bits_per_second;
      if (bandwidth.shared == boundless_bits_per_second || (!bandwidth.shared && all_boundless)) return {};
      if (!bandwidth.shared && !bandwidth.read) bandwidth.read = boundless_bits_per_second;
      if (!bandwidth.shared && !bandwidth.write) bandwidth.write = boundless_bits_per_second;
      return bandwidth;
    }
    const auto read_ports = integer(attributes, {"n_rd_ports"}, number_of_ports);
    const auto write_ports = integer(attributes, {"n_wr_ports"}, number_of_ports);
    auto shared_ports = integer(attributes, {"n_rdwr_ports"}, number_of_ports);
    const bool ports_named = read_ports || write_ports || shared_ports;
    if (!ports_named && !width_is_known) return {};
    if (!ports_named) shared_ports = 1;
    if (shared_ports.value_or(0) == 0 && (read_ports.value_or(0) == 0 || write_ports.value_or(0) == 0)) {
      diagnostics_.error(component.where, fmt::format("'{}' has no port to {}; give n_rdwr_ports, or n_rd_ports and "
                                                      "n_wr_ports",
                                                      component.name, read_ports.value_or(0) == 0 ? "read" : "write"));
      return {};
    }
    const auto of_ports = [&](const std::optional<std::int64_t>& ports) -> std::optional<std::int64_t> {
      if (ports.value_or(0) == 0) return std::nullopt;
      const WideCount bits = static_cast<WideCount>(*ports * memory.width_bits) * architecture_.clock_hz;
      return static_cast<std::int64_t>(std::min<WideCount>(bits, boundless_bits_per_second));
    };
    bandwidth.read = of_ports(read_ports);
    bandwidth.write = of_ports(write_ports);
    bandwidth.shared = of_ports(shared_ports);
    return bandwidth;
  }

  /// Timeloop's bandwidths are words a cycle, whatever its documentation says.
  std::optional<std::int64_t> words_per_cycle(const DocumentNodePtr& node, const MemoryLevel& memory) {
    if (!node) return std::nullopt;
    const auto words = read_number(*node, "bandwidth", diagnostics_, "words a cycle");
    if (!words) return std::nullopt;
    if (std::isinf(*words) && *words > 0) return boundless_bits_per_second;
    const double bits =
        std::round(*words * static_cast<double>(memory.datawidth_bits) * static_cast<double>(architecture_.clock_hz));
    if (!(*words > 0) || bits < 1) {
      diagnostics_.error(node->where,
                         fmt::format("bandwidth: expected a positive number (words a cycle), got {}", describe(*node)));
      return std::nullopt;
    }
    return static_cast<std::int64_t>(std::min(bits, static_cast<double>(boundless_bits_per_second)));
  }

  std::optional<std::int64_t> clock_hz_;
  Diagnostics& diagnostics_;
  Architecture architecture_;
  ComponentList list_;
};

}  // namespace

Architecture load_architecture(const DocumentNode& node, std::optional<std::int64_t> clock_hz,
                               Diagnostics& diagnostics) {
  return ArchitectureLoader(clock_hz, diagnostics).load(node);
}

}  // namespace loopsim
