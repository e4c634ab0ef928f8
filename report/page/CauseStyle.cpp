#include "report/page/CauseStyle.hpp"

#include <utility>

namespace loopsim {

namespace {

template <class Styles>
std::string style_of(const Styles& styles, std::string_view cause) {
  for (const auto& [name, style] : styles) {
    if (name == cause) return std::string(style);
  }
  return "other";
}

}  // namespace

std::string finer_cause_style(std::string_view whole) {
  const std::string_view cause = whole.substr(0, whole.find(':'));  // without its place
  static constexpr std::pair<std::string_view, std::string_view> styles[] = {
      {"dram.issue", "s1"},        {"dram.queue", "s4"},        {"dram.refresh", "s8"},
      {"dram.row_conflict", "s5"}, {"dram.row_miss", "s9"},     {"dram.turnaround", "s7"},
      {"dram.spacing", "formula"}, {"dram.data", "s0"},         {"dram.transfer", "s0"},
      {"dram.port", "dram2"},      {"dram.rounding", "dram3"},  {"dram.arbitration", "dram4"},
      {"glb.port", "glb3"},        {"glb.rounding", "glb4"},    {"glb.transfer", "glb5"},
      {"glb.bank_conflict", "s2"}, {"glb.arbitration", "glb2"}, {"noc.serialization", "s3"},
      {"noc.arbitration", "s6"},   {"noc.latency", "noc2"},     {"noc.rounding", "noc3"},
  };
  return style_of(styles, cause);
}

std::string cause_style(std::string_view cause) {
  static constexpr std::pair<std::string_view, std::string_view> styles[] = {
      {"compute", "compute"},
      {"compute_off_path", "compute"},
      {"pipeline_formula", "formula"},
      {"not_memory_bound", "memory"},
      {"memory", "memory"},
      {"ramp", "ramp"},
      {"drain", "drain"},
      {"idle", "idle"},
      {"stall.dram", "dram"},
      {"stall.glb", "glb"},
      {"stall.noc", "noc"},
      {"stall.space", "space"},
      {"stall.writeback", "write"},
      {"stall.dependency", "wait"},
  };
  return style_of(styles, cause);
}

}  // namespace loopsim
