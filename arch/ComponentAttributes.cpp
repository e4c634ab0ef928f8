#include "arch/ComponentAttributes.hpp"

#include <algorithm>
#include <array>

#include "base/DocumentReader.hpp"

namespace loopsim {

namespace {

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

}  // namespace

void ComponentAttributes::add(const DocumentEntry& entry) {
  for (DocumentEntry& known : entries_) {
    if (same_key(known.key, entry.key)) {
      known = entry;
      return;
    }
  }
  entries_.push_back(entry);
}

DocumentNodePtr ComponentAttributes::find(std::initializer_list<std::string_view> spellings) const {
  for (const DocumentEntry& entry : entries_) {
    for (const std::string_view spelling : spellings) {
      if (same_key(entry.key, spelling) && !entry.value->is_null()) return entry.value;
    }
  }
  return nullptr;
}

AttributeUse use_of_attribute(std::string_view name) {
  if (is_among(used_attributes, name)) return AttributeUse::used;
  return is_among(ignored_attributes, name) ? AttributeUse::ignored : AttributeUse::unknown;
}

std::vector<std::string> known_attributes() {
  std::vector<std::string> known(used_attributes.begin(), used_attributes.end());
  known.insert(known.end(), ignored_attributes.begin(), ignored_attributes.end());
  return known;
}

}  // namespace loopsim
