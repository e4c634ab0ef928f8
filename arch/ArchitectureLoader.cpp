#include "arch/ArchitectureLoader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "arch/ArchitectureSettings.hpp"
#include "arch/ComponentClass.hpp"
#include "arch/EnergyTable.hpp"
#include "base/CheckedMath.hpp"
#include "base/DocumentReader.hpp"

namespace loopsim {

namespace {

constexpr IntegerRange positive = {1, IntegerRange{}.high};
constexpr IntegerRange not_negative = {0, IntegerRange{}.high};

/// Attributes that are read here.
constexpr std::array used_attributes = {"depth",
                                        "memory_depth",
                                        "entries",
                                        "sizeKB",
                                        "size",
                                        "width",
                                        "memory_width",
                                        "datawidth",
                                        "word_bits",
                                        "block_size",
                                        "n_words",
                                        "n_rd_ports",
                                        "n_wr_ports",
                                        "n_rdwr_ports",
                                        "read_bandwidth",
                                        "write_bandwidth",
                                        "shared_bandwidth",
                                        "latency",
                                        "cycle_time",
                                        "global_cycle_seconds",
                                        "cycle_seconds",
                                        "meshX",
                                        "meshY",
                                        "type",
                                        "instances"};

/// Attributes that Timeloop, Accelergy and their plug-ins know and that change nothing here.
constexpr std::array ignored_attributes = {"technology",
                                           "tech_node",
                                           "cluster_size",
                                           "multiple_buffering",
                                           "n_banks",
                                           "num_banks",
                                           "num_ports",
                                           "n_ports",
                                           "reduction_supported",
                                           "min_utilization",
                                           "allow_overbooking",
                                           "has_power_gating",
                                           "power_gated_at",
                                           "network_fill_latency",
                                           "network_drain_latency",
                                           "network_read",
                                           "network_fill",
                                           "network_drain",
                                           "network_update",
                                           "vector_access_energy",
                                           "addr_gen_energy",
                                           "cluster_area",
                                           "metadata_block_size",
                                           "metadata_datawidth",
                                           "metadata_storage_width",
                                           "metadata_storage_depth",
                                           "decompression_supported",
                                           "compression_supported",
                                           "tile_partition_supported",
                                           "concordant_compressed_tile_traversal",
                                           "per_dataspace_bandwidth_consumption_scale",
                                           "num_pipeline_stages",
                                           "exponent",
                                           "mantissa",
                                           "voltage",
                                           "temperature",
                                           "action_latency_cycles",
                                           "leakage_power",
                                           "area",
                                           "energy",
                                           "address_width",
                                           "wire_length",
                                           "version",
                                           "device_type",
                                           "channel_count",
                                           "x_size",
                                           "y_size"};

template <class Names>
bool is_among(const Names& names, std::string_view word) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return same_key(name, word); });
}

/// Attributes of a component, those of the containers around it included.
class Attributes {
 public:
  void add(const DocumentEntry& entry) {
    for (DocumentEntry& known : entries_) {
      if (same_key(known.key, entry.key)) {
        known = entry;
        return;
      }
    }
    entries_.push_back(entry);
  }

  DocumentNodePtr find(std::initializer_list<std::string_view> spellings) const {
    for (const DocumentEntry& entry : entries_) {
      for (const std::string_view spelling : spellings) {
        if (same_key(entry.key, spelling) && !entry.value->is_null()) return entry.value;
      }
    }
    return nullptr;
  }

 private:
  std::vector<DocumentEntry> entries_;
};

class Loader {
 public:
  Loader(std::optional<std::int64_t> clock_hz, Diagnostics& diagnostics)
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
    if (nodes) {
      Attributes none;
      collect(*nodes, none);
    }
    settle_clock();
    if (!components_.empty() || nodes) build(node);
    if (!without_effect_.empty()) {
      diagnostics_.warning(without_effect_where_, fmt::format("no effect here: {}", fmt::join(without_effect_, ", ")));
    }
    return architecture_;
  }

 private:
  struct Component {
    std::string name;
    ComponentClass kind;
    Attributes attributes;
    SourcePosition where;
  };

  void note_without_effect(const std::string& what, const SourcePosition& where) {
    if (without_effect_.empty()) without_effect_where_ = where;
    without_effect_.insert(what);
  }

  /// Containers hand their attributes to what follows them in their list, as in Timeloop.
  void collect(const DocumentNode& nodes, Attributes& inherited) {
    const auto* items = read_list(nodes, "nodes", diagnostics_);
    if (items == nullptr) return;
    for (const DocumentNodePtr& item : *items) {
      const std::string& tag = item->tag;
      if (tag == "!Container") {
        collect_container(*item, inherited);
      } else if (tag == "!Hierarchical" || tag == "!Parallel" || tag == "!Pipelined") {
        collect_branch(*item, inherited);
      } else if (tag == "!Nothing") {
        continue;
      } else if (tag == "!Component" || (tag.empty() && item->is_map() && find_key(*item, "class"))) {
        collect_component(*item, inherited);
      } else if (tag.empty()) {
        diagnostics_.error(item->where, "expected a tag such as !Component or !Container before a node");
      } else {
        diagnostics_.error(
            item->where,
            fmt::format("unknown node '{}'{}", tag,
                        did_you_mean(tag, {"!Component", "!Container", "!Hierarchical", "!Parallel", "!Nothing"})));
      }
    }
  }

  void collect_branch(const DocumentNode& item, const Attributes& inherited) {
    MapReader reader(item, fmt::format("a {} node", item.tag), diagnostics_);
    reader.ignore("name");
    const DocumentNodePtr nodes = reader.required("nodes");
    reader.finish();
    if (!nodes) return;
    const std::size_t before = components_.size();
    Attributes inner = inherited;
    collect(*nodes, inner);
    if (item.tag != "!Hierarchical" && components_.size() > before + 1) {
      diagnostics_.warning(
          item.where, fmt::format("the components of a {} node are taken as levels one after the other", item.tag));
    }
  }

  void collect_container(const DocumentNode& item, Attributes& inherited) {
    MapReader reader(item, "a !Container", diagnostics_);
    reader.ignore("name");
    if (const auto attributes = reader.optional("attributes")) add_attributes(*attributes, inherited);
    if (const auto spatial = reader.optional("spatial")) read_spatial(*spatial);
    ignore_keys(reader, item, {"constraints", "networks", "area_scale", "energy_scale", "required_actions", "class"});
    reader.finish();
  }

  void collect_component(const DocumentNode& item, const Attributes& inherited) {
    MapReader reader(item, "a !Component", diagnostics_);
    const DocumentNodePtr name_node = reader.required("name");
    const DocumentNodePtr class_node = reader.required("class");
    const DocumentNodePtr subclass = reader.optional("subclass");
    Component component;
    component.where = item.where;
    component.attributes = inherited;
    if (const auto attributes = reader.optional("attributes")) add_attributes(*attributes, component.attributes);
    if (const auto spatial = reader.optional("spatial")) read_spatial(*spatial);
    bool enabled = true;
    if (const auto node = reader.optional("enabled")) {
      enabled = read_boolean(*node, "enabled", diagnostics_).value_or(true);
    }
    reader.ignore("required_actions");
    reader.ignore("actions");
    ignore_keys(reader, item, {"constraints", "area_scale", "energy_scale", "sparse_optimizations", "networks"});
    reader.finish();
    if (!name_node || !class_node || !enabled) return;
    const auto name = read_text(*name_node, "name of a component", diagnostics_);
    const auto class_name = read_text(*class_node, "class of a component", diagnostics_);
    if (!name || !class_name) return;
    component.name = *name;
    component.where = name_node->where;
    component.kind = classify(*class_name, subclass, *class_node);
    if (component.kind == ComponentClass::other) {
      note_without_effect(fmt::format("component {}", *name), item.where);
      return;
    }
    if (component.kind == ComponentClass::unknown) return;
    for (const Component& other : components_) {
      if (other.name == component.name) {
        diagnostics_.error(name_node->where, fmt::format("there are two components '{}'; the first is at {}", *name,
                                                         describe(other.where)));
      }
    }
    components_.push_back(std::move(component));
  }

  ComponentClass classify(const std::string& class_name, const DocumentNodePtr& subclass, const DocumentNode& where) {
    ComponentClass kind = classify_component(class_name);
    if (subclass && subclass->is_scalar() && (kind == ComponentClass::sram || kind == ComponentClass::unknown)) {
      const ComponentClass finer = classify_component(subclass->text);
      if (finer != ComponentClass::unknown) kind = finer;
    }
    if (kind == ComponentClass::unknown) {
      diagnostics_.error(where.where, fmt::format("cannot tell what a component of class '{}' is{}", class_name,
                                                  did_you_mean(class_name, {"DRAM", "SRAM", "regfile", "storage",
                                                                            "intmac", "fpmac", "mac", "compute"})));
    }
    return kind;
  }

  void ignore_keys(MapReader& reader, const DocumentNode& item, std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) {
      if (reader.ignore(key)) note_without_effect(std::string(key), item.where);
    }
  }

  void add_attributes(const DocumentNode& node, Attributes& attributes) {
    if (node.is_null()) return;
    if (!node.is_map()) {
      diagnostics_.error(node.where, fmt::format("attributes: expected a map, got {}", describe(node)));
      return;
    }
    for (const DocumentEntry& entry : node.entries) {
      if (is_among(used_attributes, entry.key)) {
        attributes.add(entry);
      } else if (is_among(ignored_attributes, entry.key)) {
        note_without_effect(entry.key, entry.key_where);
      } else if (same_key(entry.key, "bandwidth")) {
        diagnostics_.error(entry.key_where,
                           "attribute 'bandwidth' is ambiguous; write 'shared_bandwidth', or "
                           "'read_bandwidth' and 'write_bandwidth' (words a cycle)");
      } else {
        std::vector<std::string> known(used_attributes.begin(), used_attributes.end());
        known.insert(known.end(), ignored_attributes.begin(), ignored_attributes.end());
        diagnostics_.error(entry.key_where,
                           fmt::format("unknown attribute '{}'{}", entry.key, did_you_mean(entry.key, known)));
      }
    }
  }

  void read_spatial(const DocumentNode& node) {
    MapReader reader(node, "spatial", diagnostics_);
    const DocumentNodePtr x = reader.optional("meshX");
    const DocumentNodePtr y = reader.optional("meshY");
    reader.finish();
    widen_mesh(x, y, true);
  }

  void widen_mesh(const DocumentNodePtr& x, const DocumentNodePtr& y, bool multiply) {
    if (!x && !y) return;
    const std::int64_t columns = x ? read_integer(*x, "meshX", diagnostics_, positive).value_or(1) : 1;
    const std::int64_t rows = y ? read_integer(*y, "meshY", diagnostics_, positive).value_or(1) : 1;
    PeMesh& mesh = architecture_.mesh;
    try {
      mesh.columns =
          multiply ? checked_multiply(mesh.columns.value_or(1), columns) : std::max(mesh.columns.value_or(1), columns);
      mesh.rows = multiply ? checked_multiply(mesh.rows.value_or(1), rows) : std::max(mesh.rows.value_or(1), rows);
    } catch (const OverflowError&) {
      diagnostics_.error(x ? x->where : y->where, "the PE mesh has more than 2^63 - 1 columns or rows");
    }
  }

  std::optional<double> cycle_time(const Component& component) {
    const auto node = component.attributes.find({"cycle_time", "global_cycle_seconds", "cycle_seconds"});
    if (!node) return std::nullopt;
    const auto seconds = read_number(*node, "cycle_time", diagnostics_);
    if (!seconds) return std::nullopt;
    const double hertz = 1 / *seconds;
    if (!(*seconds > 0) || !(hertz >= 1) || hertz > 1e12) {
      diagnostics_.error(node->where,
                         fmt::format("cycle_time: expected seconds, such as 1e-9, got {}", describe(*node)));
      return std::nullopt;
    }
    return seconds;
  }

  void settle_clock() {
    std::optional<double> seconds;
    for (auto component = components_.rbegin(); component != components_.rend(); ++component) {
      const auto own = cycle_time(*component);
      if (own && !seconds) seconds = own;
      if (own && *own != *seconds) {
        diagnostics_.warning(component->where,
                             fmt::format("the whole machine has one clock; the cycle time of '{}', {} s, "
                                         "is not used ({} s is)",
                                         component->name, *own, *seconds));
      }
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
    for (std::size_t i = 0; i < components_.size(); ++i) {
      const Component& component = components_[i];
      const bool is_last = i + 1 == components_.size();
      if (computes(component) && !is_last) {
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
    if (components_.empty() || !computes(components_.back())) {
      diagnostics_.error(components_.empty() ? node.where : components_.back().where,
                         "the last component of the architecture must compute (class intmac, fpmac, mac, compute)");
    } else if (architecture_.memories.empty()) {
      diagnostics_.error(node.where, "the architecture has no memory");
    }
  }

  void build_compute(const Component& component) {
    architecture_.compute.name = component.name;
    architecture_.compute.where = component.where;
    if (const auto node = component.attributes.find({"datawidth", "word_bits", "width"})) {
      architecture_.compute.datawidth_bits = read_integer(*node, "datawidth", diagnostics_, positive).value_or(8);
    }
    widen_mesh(component.attributes.find({"meshX"}), component.attributes.find({"meshY"}), false);
  }

  void build_memory(const Component& component) {
    const Attributes& attributes = component.attributes;
    MemoryLevel memory;
    memory.name = component.name;
    memory.where = component.where;
    memory.kind = component.kind == ComponentClass::dram   ? MemoryKind::dram
                  : component.kind == ComponentClass::sram ? MemoryKind::sram
                                                           : MemoryKind::register_file;
    try {
      const auto width = integer(attributes, {"width", "memory_width"}, positive);
      const auto block_size = integer(attributes, {"block_size", "n_words"}, positive);
      const auto datawidth = integer(attributes, {"datawidth", "word_bits"}, positive);
      if (datawidth) {
        memory.datawidth_bits = *datawidth;
      } else if (width && block_size && *width % *block_size == 0) {
        memory.datawidth_bits = *width / *block_size;
      } else {
        diagnostics_.warning(component.where, fmt::format("'{}' has no datawidth; 8 bits are assumed", component.name));
      }
      const std::int64_t block_bits = checked_multiply(memory.datawidth_bits, block_size.value_or(1));
      memory.width_bits = width.value_or(block_bits);
      if (memory.width_bits < memory.datawidth_bits) {
        diagnostics_.error(component.where, fmt::format("'{}' is {} bits wide, less than one word of {} bits",
                                                        component.name, memory.width_bits, memory.datawidth_bits));
      }
      memory.size_bits = size_bits(component, memory);
      memory.bandwidth = port_bandwidth(component, memory, width.has_value() || block_size.has_value());
    } catch (const OverflowError&) {
      diagnostics_.error(component.where, fmt::format("size or bandwidth of '{}' exceeds 2^63 - 1", component.name));
    }
    memory.latency_cycles = integer(attributes, {"latency"}, {0, 1'000'000'000'000}).value_or(0);
    widen_mesh(attributes.find({"meshX"}), attributes.find({"meshY"}), false);
    if (const auto type = attributes.find({"type"}); type && memory.kind == MemoryKind::dram) {
      set_dram_type(*type, memory);
    }
    architecture_.memories.push_back(std::move(memory));
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

  std::optional<std::int64_t> integer(const Attributes& attributes, std::initializer_list<std::string_view> spellings,
                                      IntegerRange range) {
    const auto node = attributes.find(spellings);
    if (!node) return std::nullopt;
    return read_integer(*node, *spellings.begin(), diagnostics_, range);
  }

  std::optional<std::int64_t> size_bits(const Component& component, const MemoryLevel& memory) {
    struct Spelling {
      std::initializer_list<std::string_view> names;
      std::int64_t unit_bits;
    };
    const Spelling spellings[] = {{{"depth", "memory_depth"}, memory.width_bits},
                                  {{"entries"}, memory.datawidth_bits},
                                  {{"sizeKB"}, 8 * 1024},
                                  {{"size"}, 1}};
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
      if (const auto amount = read_integer(*node, given, diagnostics_, positive)) {
        size = checked_multiply(*amount, spelling.unit_bits);
      }
    }
    return size;
  }

  PortBandwidth port_bandwidth(const Component& component, const MemoryLevel& memory, bool width_is_known) {
    const Attributes& attributes = component.attributes;
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
    const auto read_ports = integer(attributes, {"n_rd_ports"}, not_negative);
    const auto write_ports = integer(attributes, {"n_wr_ports"}, not_negative);
    auto shared_ports = integer(attributes, {"n_rdwr_ports"}, not_negative);
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
      return checked_multiply(checked_multiply(*ports, memory.width_bits), architecture_.clock_hz);
    };
    bandwidth.read = of_ports(read_ports);
    bandwidth.write = of_ports(write_ports);
    bandwidth.shared = of_ports(shared_ports);
    return bandwidth;
  }

  /// Timeloop's bandwidths are words a cycle, whatever its documentation says.
  std::optional<std::int64_t> words_per_cycle(const DocumentNodePtr& node, const MemoryLevel& memory) {
    if (!node) return std::nullopt;
    const auto words = read_number(*node, "bandwidth (words a cycle)", diagnostics_);
    if (!words) return std::nullopt;
    if (std::isinf(*words) && *words > 0) return boundless_bits_per_second;
    const double bits =
        std::round(*words * static_cast<double>(memory.datawidth_bits) * static_cast<double>(architecture_.clock_hz));
    if (!(*words > 0) || bits < 1) {
      diagnostics_.error(node->where,
                         fmt::format("bandwidth (words a cycle): expected a positive number, got {}", describe(*node)));
      return std::nullopt;
    }
    return static_cast<std::int64_t>(std::min(bits, static_cast<double>(boundless_bits_per_second)));
  }

  std::optional<std::int64_t> clock_hz_;
  Diagnostics& diagnostics_;
  Architecture architecture_;
  std::vector<Component> components_;
  std::set<std::string> without_effect_;
  SourcePosition without_effect_where_;
};

}  // namespace

Architecture load_architecture(const DocumentNode& node, std::optional<std::int64_t> clock_hz,
                               Diagnostics& diagnostics) {
  return Loader(clock_hz, diagnostics).load(node);
}

}  // namespace loopsim
