#include "report/CauseText.hpp"

#include <utility>

namespace loopsim {

std::string_view cause_text(std::string_view cause) {
  static constexpr std::pair<std::string_view, std::string_view> texts[] = {
      {"partial_sum_first_read", "a sum begun anew is not read"},
      {"reduction_start", "PEs start partial sums at zero"},
      {"drain_read", "results are read to be moved out"},
      {"padding_as_data", "padding is not filled"},
      {"shared_fill", "one fetch serves several einsums"},
      {"refetch", "tiles are fetched whole"},
      {"still_held", "it comes back before it has left"},
      {"shared_by_instances", "one copy serves several instances"},
      {"idle_refill", "filled again after idling"},
      {"apart_in_time", "instances need it at other times"},
      {"neighbour_rule", "a neighbour has it in that step"},
      {"made_in_place", "made here, not by a neighbour"},
      {"bypass_multicast", "one access, other instances"},
      {"rewritten", "made again while still held"},
      {"held_together", "largest at different times, shared"},
      {"in_flight_tiles", "prefetch, slots, write-back"},
      {"access_counts", "other word counts, full width each"},
      {"access_width", "one access moves several words"},
      {"dram_commands", "DRAM commands, not accesses"},
      {"network", "not in the estimate"},
      {"leakage", "not in the estimate"},
      {"not_memory_bound", "memory time of the estimate"},
      {"pipeline_formula", "two slots, not LoopTree's formula"},
      {"compute_off_path", "computing beside longer transfers"},
      {"stall.dram", "waiting for main memory"},
      {"stall.glb", "waiting for a buffer's ports"},
      {"stall.noc", "waiting for the way to the array"},
      {"stall.space", "waiting for space or a slot"},
      {"stall.writeback", "waiting for a write-back"},
      {"stall.dependency", "waiting for results"},
  };
  for (const auto& [name, text] : texts) {
    if (name == cause) return text;
  }
  return "";
}

}  // namespace loopsim
