#include "trace/rtl/RtlChecker.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "trace/rtl/RtlCheckerText.hpp"
#include "trace/rtl/RtlEinsum.hpp"
#include "trace/rtl/VerilogFunction.hpp"

namespace loopsim {

namespace {

std::string parameters(const RtlReplay& kit) {
  std::size_t ranks = 1, operands = 1;
  for (const Einsum& einsum : kit.run->tree->graph.einsums) {
    ranks = std::max(ranks, einsum.ranks.size());
    operands = std::max(operands, einsum.inputs.size() + 1);
  }
  std::string text = "  // ---- what the run was\n";
  const auto add = [&](const char* name, std::int64_t value, const char* comment) {
    text += fmt::format("  localparam {} = {};  // {}\n", name, value, comment);
  };
  add("WIDTH", kit.word_bits, "bits of a word");
  add("WORDS", std::max<std::int64_t>(kit.memories->words(), 1), "addresses");
  add("RESULTS", kit.memories->result_words(), "the first of them: the words of the results");
  add("PORTS", static_cast<std::int64_t>(kit.ports->ports.size()), "of memories, then arrays");
  add("FIRST_ARRAY", static_cast<std::int64_t>(kit.ports->first_array), "among the ports");
  add("LEVELS", static_cast<std::int64_t>(kit.run->tree->architecture.memories.size()), "of memories, 0 = main memory");
  add("MOST_RANKS", static_cast<std::int64_t>(ranks), "of an einsum");
  add("MOST_OPERANDS", static_cast<std::int64_t>(operands), "of an einsum, with the output");
  add("SPANS", std::max<std::int64_t>(kit.totals.tiles, 1), "tile operations of all arrays");
  add("MOST_ERRORS", 10, "that are shown");
  text += fmt::format("  localparam [63:0] CYCLES = 64'd{};  // simulated\n", kit.totals.cycles.value);
  text += fmt::format("  localparam [63:0] FILLED = 64'd{};  // words that fills have written\n", kit.totals.filled);
  text +=
      fmt::format("  localparam [63:0] DRAINED = 64'd{};  // words that write-backs have read\n", kit.totals.drained);
  text += fmt::format("  localparam [63:0] OPERATIONS = 64'd{};\n", kit.totals.operations);
  return text;
}

std::string region_name(const RtlRegion& region) {
  return fmt::format("{} in {}", region.tensor_name, region.memory);
}

/// A name within a string of Verilog.
std::string quoted(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '"' || c == '\\' || c == '%' || c < ' '; }, '_');
  return name;
}

/// Functions of an address that tell the regions apart.
std::string address_functions(const RtlReplay& kit) {
  VerilogFunction end_of{"integer", "end_of", "the address after the tensor's", {}};
  VerilogFunction byte_of{"[63:0]", "byte_of", "in main memory; elsewhere 0", {}};
  VerilogFunction level_of{"integer", "level_of", "", {}};
  VerilogFunction bits_of{"integer", "bits_of", "a word in that memory", {}};
  std::string names;
  for (const RtlRegion& region : kit.memories->regions()) {
    const std::int64_t end = region.first + region.words;
    std::string byte = "0";
    if (region.level == LevelId(0)) {
      const StoredTensor& stored = *(*kit.stored)[region.tensor];
      byte = fmt::format("64'd{} + (at - {}) * 64'd{} / 8", stored.first_byte, region.first, stored.word_bits);
    }
    end_of.values.push_back({end, std::to_string(end), region_name(region)});
    byte_of.values.push_back({end, byte, ""});
    level_of.values.push_back({end, std::to_string(region.level.value), ""});
    bits_of.values.push_back({end, std::to_string(word_bits(*kit.run->tree, region.tensor, region.level)), ""});
    names += fmt::format("    else if (at < {}) $write(\"word %0d of {}\", at - {});\n", end,
                         quoted(region_name(region)), region.first);
  }
  const std::string write_word = fmt::format(
      "  task write_word;\n    input integer at;\n    if (at < 0) $write(\"address %0d\", at);\n"
      "{}    else $write(\"address %h\", at);\n  endtask\n",
      names);
  return "  // ---- where an address lies\n" + range_function(end_of) + "\n" + range_function(byte_of) + "\n" +
         write_word + "\n" + range_function(level_of) + "\n" + range_function(bits_of);
}

/// Buffers are empty at the end.
std::string buffer_task(const RtlReplay& kit) {
  std::string empty;
  for (const RtlRegion& region : kit.memories->regions()) {
    if (kit.memories->stays(region)) continue;
    empty += fmt::format(
        "      for (i = {}; i < {}; i = i + 1) if (^value[i] !== 1'bx || summing[i]) "
        "fault(\"still held at the end:\", i);\n",
        region.first, region.first + region.words);
  }
  return fmt::format("  task check_buffers;\n    begin\n{}    end\n  endtask\n", empty);
}

/// Bits; 0 = not limited. Several instances are not told apart.
std::int64_t checked_size(const RtlReplay& kit, LevelId level) {
  for (const RtlRegion& region : kit.memories->regions()) {
    if (region.level == level && region.one_of_several) return 0;
  }
  return kit.run->tree->architecture.memories[level.value].size_bits.value_or(0);
}

std::string memory_and_port_functions(const RtlReplay& kit) {
  VerilogFunction size_of{"[63:0]", "size_of", "bits; 0 = not limited, or several instances", {}};
  VerilogFunction rate{"[63:0]", "rate", "bits in 1000 cycles; 0 = not limited, or by banks", {}};
  VerilogFunction read_port{"integer", "read_port", "", {}};
  VerilogFunction write_port{"integer", "write_port", "", {}};
  const auto& memories = kit.run->tree->architecture.memories;
  for (std::size_t l = 0; l < memories.size(); ++l) {
    const auto level = static_cast<std::int64_t>(l);
    size_of.values.push_back({level, fmt::format("64'd{}", checked_size(kit, LevelId(l))), memories[l].name});
    read_port.values.push_back({level, std::to_string(kit.ports->read[l]), ""});
    write_port.values.push_back({level, std::to_string(kit.ports->write[l]), ""});
  }
  for (const RtlPort& port : kit.ports->ports) {
    const auto number = static_cast<std::int64_t>(rate.values.size());
    rate.values.push_back({number, std::to_string(port.bits_per_kilocycle), port.name});
  }
  return case_function(size_of, "level", 0) + "\n  // ---- the ports\n" + case_function(rate, "at", 0) + "\n" +
         case_function(read_port, "level", -1) + "\n" + case_function(write_port, "level", -1);
}

std::string einsum_functions(const RtlReplay& kit) {
  VerilogFunction ranks_of{"integer", "ranks_of", "", {}};
  VerilogFunction inputs_of{"integer", "inputs_of", "", {}};
  VerilogFunction array_of{"integer", "array_of", "", {}};
  std::string calls, tasks;
  const BoundTree& tree = *kit.run->tree;
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const Einsum& einsum = tree.graph.einsums[EinsumId(e)];
    const auto number = static_cast<std::int64_t>(e);
    ranks_of.values.push_back({number, std::to_string(einsum.ranks.size()), ""});
    inputs_of.values.push_back({number, std::to_string(einsum.inputs.size()), ""});
    for (const Leaf& leaf : kit.run->schedule->leaves) {
      if (leaf.einsum != EinsumId(e)) continue;
      array_of.values.push_back({number, std::to_string(kit.ports->first_array + leaf.stage), ""});
    }
    calls += fmt::format("      {0}: einsum_{0}(accumulate_it);\n", e);
    tasks += rtl_einsum(tree, *kit.memories, EinsumId(e)) + "\n";
  }
  const std::string execute = fmt::format(
      "  task execute;\n    input integer which;\n    input accumulate_it;\n    case (which)\n{}"
      "      default: complain(\"there is no such einsum\");\n    endcase\n  endtask\n",
      calls);
  return "  // ---- the einsums\n" + tasks + case_function(ranks_of, "which", 0) + "\n" +
         case_function(inputs_of, "which", 0) + "\n" + case_function(array_of, "which", -1) + "\n" + execute;
}

std::string image_task(const RtlReplay& kit) {
  std::string loads;
  for (const RtlRegion& region : kit.memories->regions()) {
    const std::string& image = (*kit.images)[region.tensor];
    const std::int64_t last = region.first + region.words - 1;
    if (kit.memories->is_result(region)) {
      loads += fmt::format("      $readmemh({{kit, \"/{}\"}}, expected, {}, {});\n", image, region.first, last);
    } else if (kit.memories->is_input(region)) {
      loads += fmt::format("      $readmemh({{kit, \"/{}\"}}, value, {}, {});\n", image, region.first, last);
      loads += fmt::format(
          "      for (i = {}; i <= {}; i = i + 1) begin\n"
          "        if (^value[i] === 1'bx) fault(\"not in the image:\", i);\n      end\n",
          region.first, last);
    }
  }
  return fmt::format("\n  // ---- the images\n  task load_images;\n    begin\n{}    end\n  endtask\n", loads);
}

}  // namespace

std::string rtl_checker(const RtlReplay& kit) {
  using Text = RtlCheckerText;
  return Text::head + parameters(kit) + Text::state + address_functions(kit) + "\n" + buffer_task(kit) + "\n" +
         memory_and_port_functions(kit) + image_task(kit) + "\n" + einsum_functions(kit) + Text::commands +
         Text::replay;
}

}  // namespace loopsim
