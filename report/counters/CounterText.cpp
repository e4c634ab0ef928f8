#include "report/counters/CounterText.hpp"

#include <algorithm>

#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Texts = std::vector<CounterText>;

template <class From>
void append(Texts& all, const CounterTable<From>& table) {
  for (const Counter<From>& counter : table.counters) {
    CounterText text;
    for (const std::string_view path : table.paths) {
      text.paths.emplace_back(path).replace(path.find('*'), 1, counter.name);
    }
    text.word = std::string(table.prefix) + std::string(counter.name);
    text.unit = counter.unit;
    text.meaning = counter.meaning;
    text.kind = table.kind;
    text.page = table.page;
    text.csv = counter.csv;
    if (text.csv.metric.empty()) text.csv.metric = counter.name;
    all.push_back(std::move(text));
  }
}

void append_estimate(Texts& all) {
  append(all, compute_counters());
  append(all, pipeline_counters());
  append(all, level_time_counters());
  append(all, layout_estimate_counters());
  append(all, level_space_counters());
  append(all, level_fill_counters());
}

void append_both(Texts& all) {
  append(all, cycle_counters());
  append(all, work_counters());
  append(all, einsum_counters());
  append(all, tensor_counters());
  append(all, level_size_counters());
  append(all, level_traffic_counters());
  append(all, node_counters());
  append(all, supply_counters());
  append(all, tile_counters());
  append(all, energy_counters());
}

void append_simulation(Texts& all) {
  append(all, wrap_counters());
  append(all, occupancy_counters());
  append(all, stage_counters());
  append(all, stall_counters());
  append(all, stage_detail_counters());
  append(all, stage_total_counters());
  append(all, port_counters());
  append(all, dram_row_counters());
  append(all, dram_counters());
  append(all, jedec_counters());
  append(all, command_counters());
  append(all, dram_series_counters());
  append(all, bank_counters());
  append(all, glb_counters());
  append(all, layout_counters());
  append(all, noc_counters());
  append(all, link_counters());
  append(all, mesh_counters());
  append(all, mesh_port_counters());
  append(all, functional_counters());
}

Texts all_texts() {
  Texts all;
  append_both(all);
  append_estimate(all);
  append_simulation(all);
  append(all, bridge_counters());
  append(all, network_advice_counters());
  append(all, layout_advice_counters());
  append(all, advised_layout_counters());
  append(all, rung_counters());
  append(all, rung_cause_counters());
  append(all, alone_counters());
  return all;
}

/// SIDE stands for two names alone.
bool stands_for_any(std::string_view part) {
  return part != "SIDE" && std::all_of(part.begin(), part.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool stands_for_part(std::string_view part, std::string_view field) {
  if (part == "SIDE") return field == "estimate" || field == "simulation";
  return part == field || stands_for_any(part);
}

/// `ladder` begins `ladder[].cycles`, `simulation.dram` not `simulation.dramatic`.
bool begins(std::string_view path, std::string_view beginning) {
  if (path.substr(0, beginning.size()) != beginning) return false;
  return beginning.empty() || path.size() == beginning.size() || path[beginning.size()] == '.' ||
         path[beginning.size()] == '[';
}

}  // namespace

const std::vector<CounterText>& counter_texts() {
  static const std::vector<CounterText> texts = all_texts();
  return texts;
}

bool stands_for(std::string_view path, std::string_view field) {
  const std::size_t end = path.find('.');
  if (end == std::string_view::npos) return stands_for_any(path) ? !field.empty() : path == field;
  const std::size_t field_end = field.find('.');
  return field_end != std::string_view::npos && stands_for_part(path.substr(0, end), field.substr(0, field_end)) &&
         stands_for(path.substr(end + 1), field.substr(field_end + 1));
}

std::vector<CounterText> counter_texts(std::string_view beginning) {
  std::vector<CounterText> found = counter_texts();
  for (CounterText& text : found) {
    text.paths.erase(std::remove_if(text.paths.begin(), text.paths.end(),
                                    [&](const std::string& path) { return !begins(path, beginning); }),
                     text.paths.end());
  }
  found.erase(std::remove_if(found.begin(), found.end(), [](const CounterText& text) { return text.paths.empty(); }),
              found.end());
  return found;
}

}  // namespace loopsim
