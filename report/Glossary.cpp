#include "report/Glossary.hpp"

#include <algorithm>

#include "report/CauseText.hpp"

namespace loopsim {

namespace {

constexpr std::string_view attribution = "docs/attribution.md";
constexpr std::string_view comparison = "docs/comparison.md";
constexpr std::string_view output = "docs/output.md";
constexpr std::string_view dram_page = "docs/dram.md";

constexpr std::string_view finer = "finer cause of a wait, in cycles";
constexpr std::string_view bridge = "entry of the bridge, in cycles";
constexpr std::string_view cause = "cause of the comparison";
constexpr std::string_view rung = "rung of the ladder";
constexpr std::string_view verdict = "verdict of the comparison";
constexpr std::string_view metric = "metric of the comparison";
constexpr std::string_view column = "column of the ladder's table";
constexpr std::string_view line = "line of a table";

/// What is no counter, or more than one.
std::vector<GlossaryEntry> other_words() {
  return {
      {finer, "dram.issue",
       "the transfer's earlier bursts and other transfers, until the controller took its last burst", dram_page},
      {finer, "dram.queue", "the burst waited in the controller for others", dram_page},
      {finer, "dram.refresh", "the bank or rank was being refreshed", dram_page},
      {finer, "dram.row_conflict", "another row was open and had to be closed (precharge)", dram_page},
      {finer, "dram.row_miss", "the row had to be opened (activate)", dram_page},
      {finer, "dram.turnaround", "the data bus changed its direction or rank", dram_page},
      {finer, "dram.spacing", "the least distance of two commands", dram_page},
      {finer, "dram.data", "from the read or write command until the data had passed", dram_page},
      {finer, "dram.transfer", "a transfer was on its way from main memory (below the rung 'dram', which splits it)",
       attribution},
      {finer, "dram.port",
       "a step takes more words of level 0 than its port moves in the step's own time; MEMORY.DIRECTION/TENSOR/EINSUM: "
       "the port, the tensor that takes most of it, and the einsum",
       attribution},
      {finer, "dram.rounding", "such a step's words end within a cycle; the next step begins with the next one",
       attribution},
      {finer, "dram.arbitration", "others had the port of level 0: transfers, or another array", attribution},
      {finer, "glb.transfer", "a transfer had left main memory and was not yet in the buffer, or moved on the chip",
       attribution},
      {finer, "glb.port",
       "a step takes more words than the port moves in the step's own time; MEMORY.DIRECTION/TENSOR/EINSUM: the port, "
       "the tensor that takes most of it, and the einsum",
       attribution},
      {finer, "glb.rounding", "such a step's words end within a cycle; the next step begins with the next one",
       attribution},
      {finer, "glb.bank_conflict", "lines of the same step lay in one bank", "docs/glb.md"},
      {finer, "glb.arbitration", "others had the port or bank: transfers, or another array", attribution},
      {finer, "noc.serialization", "packets of the same step shared a link, or its bits the link to the array",
       "docs/noc.md"},
      {finer, "noc.arbitration", "packets or bits of others were in the way", "docs/noc.md"},
      {finer, "noc.latency", "the way of the operands from the memories to the array", "docs/noc.md"},
      {finer, "noc.rounding", "the network was ready within a cycle; the array goes on with the next one", attribution},

      {bridge, "not_memory_bound", "compute_cycles - cycles of the estimate: takes out the memory time it is bound by",
       attribution},
      {bridge, "pipeline_formula", "what the executed steps take with two slots and no other wait - compute_cycles",
       attribution},
      {bridge, "compute_off_path", "computing on the path - compute_cycles - pipeline_formula", attribution},

      {cause, "partial_sum_first_read", "a sum that is begun anew is not read first", comparison},
      {cause, "reduction_start", "copies in several PEs each start at zero; another instance takes the partial sum",
       comparison},
      {cause, "drain_read", "a result is read out of the buffer to be written further out", comparison},
      {cause, "padding_as_data", "words outside an intermediate, which LoopTree fills and the simulation never makes",
       comparison},
      {cause, "shared_fill", "a word that another einsum has already fetched into the same node", comparison},
      {cause, "refetch", "words fetched although they are held (simulation.levels.NAME.refetch)", comparison},
      {cause, "made_in_place", "words that LoopTree takes from a neighbour and that are made where they are",
       comparison},
      {cause, "bypass_multicast",
       "one access serves other instances than LoopTree joins: a level between does not store the tensor, or a "
       "loop lies above its parent",
       comparison},
      {cause, "rewritten", "words written once more, as they were made again while still held", comparison},
      {cause, "held_together", "tiles that are largest at different times, tensors that einsums share, padding",
       comparison},
      {cause, "in_flight_tiles", "prefetched tiles, second slots, words waiting to be written back", comparison},
      {cause, "access_counts", "the difference in words, at LoopTree's energy a word", comparison},
      {cause, "access_width", "an access serves as many words as fit its width; LoopTree charges one for each word",
       comparison},
      {cause, "dram_commands", "energy of the DRAM's commands and background in place of accesses", comparison},
      {cause, "network", "energy of the hops of flits; LoopTree has none", comparison},
      {cause, "leakage", "power of all components over the run; LoopTree has none", comparison},

      {rung, "ideal", "moves take no time and buffers no space: schedule and steps alone", attribution},
      {rung, "bandwidth", "bandwidths, latencies and sizes of the memories", attribution},
      {rung, "dram", "banks, rows and commands of main memory", dram_page},
      {rung, "glb", "banks of level 1 and the layouts of tensors in them", "docs/glb.md"},
      {rung, "noc", "the network between the memories and the PEs", "docs/noc.md"},
      {rung, "full", "the highest rung, 'noc'", attribution},

      {verdict, "equal", "estimate and simulation are the same number", comparison},
      {verdict, "explained", "they differ, and causes counted while executing sum exactly to the difference",
       comparison},
      {verdict, "unexplained", "they differ by more than causes explain: a fault of the program; exit code 1",
       comparison},

      {metric, "ops", "operations of one einsum (ops:EINSUM), recomputed ones included", comparison},
      {metric, "distinct_ops", "operations of one einsum, each counted once", comparison},
      {metric, "steps", "steps of the array for one einsum", comparison},
      {metric, "required_words", "the estimate's capacity of a memory beside the simulation's peak", comparison},
      {metric, "reads", "words read: reads:LEVEL/TENSOR/EINSUM of a storage node, or of a memory in the table",
       comparison},
      {metric, "writes", "words written, likewise", comparison},
      {metric, "fills", "words that come into a storage node from outside: fills:LEVEL/TENSOR/EINSUM", comparison},
      {metric, "max_occupancy", "most words that a storage node holds for an einsum, in one instance", comparison},
      {metric, "peer", "words that PEs take from a neighbour", comparison},
      {metric, "parent_reads", "words that the array takes from the memory above", comparison},
      {metric, "fill_series", "places at which the fills per tile differ", comparison},
      {metric, "occupancy_series", "places at which the words held per tile differ", comparison},

      {column, "of est.", "added as a part of the estimate's cycles", attribution},
      {column, "of added", "by how much an entry of the bridge changed from the rung below", attribution},
      {column, "cause", "the entry of the bridge that changed", attribution},
      {column, "only", "a single effect, with everything else ideal (--only)", attribution},

      {line, "estimate", "of the analytical model, LoopTree's", "docs/model.md"},
      {line, "simulation", "what the machine did, cycle by cycle", "docs/machine.md"},
      {line, "difference", "simulation - estimate; '=' where they are equal", output},
      {line, "time", "cycles at the core clock", output},
      {line, "cycles of computing", "the estimate without memories: one cycle a step", "docs/model.md"},
      {line, "bound by", "what the estimate's cycles come from: computing, or the memory that is slowest",
       "docs/model.md"},
      {line, "steps of all einsums", "steps of the arrays, one after the other", output},
      {line, "operations", "what the einsums compute (MACs and others), recomputed ones included", output},
      {line, "energy", "accesses, operations, commands and wires at their energies, and leakage", output},
      {line, "space, words", "what the fullest instance of a memory holds at its peak", output},
      {line, "peak", "the most words held at once, and their share of the memory", output},
      {line, "closed form", "the pace that a tensor's layout leaves to steps, by a formula", "docs/glb.md"},
      {line, "other", "rows that are too small to be spelled out", output},
  };
}

std::vector<GlossaryEntry> all_words() {
  std::vector<GlossaryEntry> all = other_words();
  for (const CounterText& counter : counter_texts()) all.push_back(entry_of(counter));
  return all;
}

}  // namespace

GlossaryEntry entry_of(const CounterText& counter) {
  return {counter.kind, counter.word, counter.meaning, counter.page, counter.unit, counter.paths};
}

const std::vector<GlossaryEntry>& glossary() {
  static const std::vector<GlossaryEntry> entries = all_words();
  return entries;
}

std::vector<GlossaryEntry> explain_word(std::string_view text) {
  constexpr std::string_view stall = "stall.";
  const std::string_view word = text.substr(0, text.find(':'));
  const bool has_colon = word.size() < text.size();
  std::vector<GlossaryEntry> found;
  const auto is_asked = [&](const GlossaryEntry& entry) {
    const bool is_stall = entry.word.substr(0, stall.size()) == stall;
    if (entry.word == word || (is_stall && entry.word.substr(stall.size()) == word)) {
      return !has_colon || entry.paths.empty();
    }
    return std::any_of(entry.paths.begin(), entry.paths.end(),
                       [&](const std::string& path) { return path == text || stands_for(path, text); });
  };
  for (const GlossaryEntry& entry : glossary()) {
    if (is_asked(entry)) found.push_back(entry);
  }
  if (found.empty() && !cause_text(word).empty()) found.push_back({cause, word, cause_text(word), comparison, {}, {}});
  return found;
}

}  // namespace loopsim
