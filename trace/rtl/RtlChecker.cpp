#include "trace/rtl/RtlChecker.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loopsim {

namespace {

// The parts of the checker that are the same for every run. Between them stands what is generated.
constexpr const char* head =
    R"verilog(// Replays commands.txt, what one run of Loopsim moved and computed, on a model of the memories, word by word, and
// compares the results with the expected ones. Run it where the folder rtl lies:
//
//   iverilog -o check rtl/*.v && vvp check        (+kit=FOLDER if the kit lies elsewhere)
//
// The last line begins with PASS or FAIL; under Icarus Verilog FAIL exits with 1.
//
// A line of commands.txt is: cycle, port, command, address, words, and what else the command has. Addresses (in
// hexadecimal) count words over all memories as memories.csv lays them out; everything else is decimal.
//
//   move      NUMBER WORDS issued bits port bits   a transfer is complete: bits out of its port, into the second port
//   fill      ADDRESS WORDS to byte partial        .. its words; byte: in main memory; partial: sums to go on with
//   take      ADDRESS WORDS                        a write-back has left its buffer
//   drain     ADDRESS WORDS to byte                .. and arrives
//   begin     ADDRESS WORDS least                  results begin: with 0, or with the least number
//   compute   TILE OPERATIONS einsum start end accumulate bases.. bounds..
//                                                  an array has executed all operations low <= rank < high; bases: first
//                                                  addresses of the output and the inputs; bounds: low and high by rank
//   complete  ADDRESS WORDS                        results are final
//   release   ADDRESS WORDS                        a buffer gives words up
//   end       0 LINES                              the run has ended
module check;
)verilog";

constexpr const char* memories = R"verilog(
  // ---- the memories
  reg signed [WIDTH-1:0] value [0:WORDS-1];  // x: the memory does not hold the word, or it was never complete
  reg signed [WIDTH-1:0] sum [0:WORDS-1];    // of a word that is being made; what it was before stays in `value`
  reg summing [0:WORDS-1];
  reg signed [WIDTH-1:0] taken [0:WORDS-1];  // on its way out of a buffer
  reg taken_sum [0:WORDS-1];
  reg signed [WIDTH-1:0] expected [0:RESULTS-1];

  // ---- the command at hand
  reg [8*1024-1:0] kit;
  reg [8*16-1:0] command;
  reg [8*256-1:0] text;
  integer file, got, port, address, words, to, lines, errors, i, checked;
  integer einsum, ranks, inputs, accumulate, flag;
  reg signed [63:0] cycle, last_cycle, issued, start, ended;
  reg [63:0] byte_address;
  reg signed [63:0] volume;
  integer low [0:MOST_RANKS-1];
  integer high [0:MOST_RANKS-1];
  integer base [0:MOST_OPERANDS-1];

  reg [63:0] held [0:LEVELS-1];  // bits, all instances of a level
  integer last_tile [0:PORTS-1];  // that an array has executed

  // ---- sums
  reg [63:0] filled, drained, operations, moved;
  reg [63:0] busy_bits [0:PORTS-1];  // moved since `busy_since`; before, nothing was under way
  reg signed [63:0] busy_since [0:PORTS-1];
  reg signed [63:0] busy_until [0:PORTS-1];
  integer other_port;
  reg [63:0] source_bits, destination_bits;

  task fail;  // one more error, and the beginning of its line
    begin
      errors = errors + 1;
      if (errors == MOST_ERRORS + 1) $display("error: and more");
    end
  endtask

  task fault;  // with a word
    input [8*64:1] what;
    input integer at;
    begin
      fail;
      if (errors <= MOST_ERRORS) begin
        $write("error: cycle %0d: %0s ", cycle, what);
        write_word(at);
        $display("");
      end
    end
  endtask

  task complain;  // about the command
    input [8*64:1] what;
    begin
      fail;
      if (errors <= MOST_ERRORS) $display("error: line %0d, cycle %0d: %0s", lines + 1, cycle, what);
    end
  endtask

  task count_word;  // that is about to be written
    input integer at;
    if (!summing[at] && ^value[at] === 1'bx) begin
      held[level_of(at)] = held[level_of(at)] + bits_of(at);
      if (size_of(level_of(at)) != 0 && held[level_of(at)] > size_of(level_of(at))) begin
        fault("more than the memory has room for:", at);
        held[level_of(at)] = 0;
      end
    end
  endtask

  task put;  // a complete word
    input integer at;
    input signed [WIDTH-1:0] word;
    begin
      count_word(at);
      value[at] = word;
      summing[at] = 0;
    end
  endtask

  task begin_word;
    input integer at;
    input signed [WIDTH-1:0] word;
    begin
      count_word(at);
      sum[at] = word;
      summing[at] = 1;
    end
  endtask

  // ---- what the operations compute
  function signed [WIDTH-1:0] exponential;  // 2^(x/16) with 28 fraction bits, straight between multiples of 16
    input signed [WIDTH-1:0] x;
    reg signed [WIDTH-1:0] above;
    begin
      above = x + 384;
      if (x < -384) exponential = 0;
      else if (x >= 528) exponential = 1 << 61;
      else exponential = (16 + above % 16) << (above / 16);
    end
  endfunction

  function signed [WIDTH-1:0] quotient;  // cut towards 0; 0 where the divisor is
    input signed [WIDTH-1:0] a;
    input signed [WIDTH-1:0] b;
    begin
      if (b == 0) quotient = a ^ a;  // 0, or x if `a` is
      else if (b == -1) quotient = -a;
      else quotient = a / b;
    end
  endfunction

)verilog";

constexpr const char* replay = R"verilog(
  // ---- replay
  task check_rows;  // `words` from `at` on lie in one tensor of one memory
    input integer at;
    begin
      if (at < 0 || words <= 0 || at + words > end_of(at)) begin
        complain("the words lie in no tensor");
        words = 0;
      end
    end
  endtask

  task check_port;
    input integer right;
    if (port != right) complain("the port is not that of the memory or the array");
  endtask

  task use_port;  // bits that a transfer from `issued` to `cycle` moves
    input integer used;
    input [63:0] bits;
    begin
      if (used < 0 || used >= PORTS) complain("there is no such port");
      else begin
        if (issued >= busy_until[used]) begin
          busy_bits[used] = 0;
          busy_since[used] = issued;
        end
        if (issued < busy_since[used]) busy_since[used] = issued;
        busy_until[used] = cycle;
        busy_bits[used] = busy_bits[used] + bits;
        if (rate(used) != 0 && busy_bits[used] * 1000 > rate(used) * (cycle - busy_since[used])) begin
          complain("a port moves more than it can");
        end
      end
    end
  endtask

  task do_move;
    begin
      got = $fscanf(file, "%d %d %d %d", issued, source_bits, other_port, destination_bits);
      if (moved != 0) complain("words of the transfer before are missing");
      moved = words;
      if (issued > cycle) complain("issued after it is complete");
      use_port(port, source_bits);
      use_port(other_port, destination_bits);
    end
  endtask

  task count_moved;
    begin
      if (words > moved) begin
        complain("more words than the transfer has");
        moved = 0;
      end else moved = moved - words;
    end
  endtask

  task do_fill;
    begin
      got = $fscanf(file, "%h %h %d", to, byte_address, flag);
      check_rows(address);
      check_rows(to);
      check_port(read_port(level_of(address)));
      count_moved;
      filled = filled + words;
      if (words > 0 && byte_address != byte_of(address)) complain("the byte is not that of the address");
      for (i = 0; i < words; i = i + 1) begin
        if (flag) begin
          if (summing[address + i]) begin_word(to + i, sum[address + i]);
          else fault("fetched as a partial sum, which it is not:", address + i);
        end else begin
          if (^value[address + i] === 1'bx) fault("fetched from where it is not:", address + i);
          put(to + i, value[address + i]);
        end
      end
    end
  endtask

  task do_take;
    begin
      check_rows(address);
      check_port(read_port(level_of(address)));
      for (i = 0; i < words; i = i + 1) begin
        taken_sum[address + i] = summing[address + i];
        taken[address + i] = summing[address + i] ? sum[address + i] : value[address + i];
        if (^taken[address + i] === 1'bx) fault("written back from where it is not:", address + i);
      end
    end
  endtask

  task do_drain;
    begin
      got = $fscanf(file, "%h %h", to, byte_address);
      check_rows(address);
      check_rows(to);
      check_port(write_port(level_of(to)));
      count_moved;
      drained = drained + words;
      if (words > 0 && byte_address != byte_of(to)) complain("the byte is not that of the address");
      for (i = 0; i < words; i = i + 1) begin
        if (^taken[address + i] === 1'bx) fault("written back, but it has not left:", address + i);
        if (taken_sum[address + i]) begin_word(to + i, taken[address + i]);
        else put(to + i, taken[address + i]);
        taken[address + i] = {WIDTH{1'bx}};
      end
    end
  endtask

  task check_array;  // of results
    if (port < FIRST_ARRAY || port >= PORTS) complain("there is no such array");
  endtask

  task do_begin;
    begin
      check_array;
      got = $fscanf(file, "%d", flag);
      check_rows(address);
      for (i = 0; i < words; i = i + 1) begin
        if (summing[address + i]) fault("begun twice:", address + i);
        begin_word(address + i, flag ? {1'b1, {WIDTH-1{1'b0}}} : {WIDTH{1'b0}});
      end
    end
  endtask

  task do_compute;
    begin
      got = $fscanf(file, "%d %d %d %d", einsum, start, ended, accumulate);
      ranks = ranks_of(einsum);
      inputs = inputs_of(einsum);
      for (i = 0; i <= inputs; i = i + 1) got = $fscanf(file, "%h", base[i]);
      volume = 1;
      for (i = 0; i < ranks; i = i + 1) begin
        got = $fscanf(file, "%d %d", low[i], high[i]);
        volume = volume * (high[i] - low[i]);
      end
      if (start > ended || ended > cycle) complain("a tile operation ends before it starts, or after its results");
      check_port(array_of(einsum));
      if (port >= 0 && port < PORTS && last_tile[port] != address) begin  // else another block of the same one
        if (start < busy_until[port]) complain("the array is not free yet");
        last_tile[port] = address;
        busy_until[port] = ended;
      end
      if (volume != words) complain("the bounds do not give the operations");
      operations = operations + words;
      execute(einsum, accumulate);
    end
  endtask

  task do_complete;
    begin
      check_array;
      check_rows(address);
      for (i = 0; i < words; i = i + 1) begin
        if (summing[address + i]) put(address + i, sum[address + i]);
        else fault("complete, but it was not begun:", address + i);
      end
    end
  endtask

  task do_release;
    begin
      check_rows(address);
      check_port(read_port(level_of(address)));
      for (i = 0; i < words; i = i + 1) begin
        if (!summing[address + i] && ^value[address + i] === 1'bx) fault("given up from where it is not:", address + i);
        else held[level_of(address)] = held[level_of(address)] - bits_of(address);
        value[address + i] = {WIDTH{1'bx}};
        summing[address + i] = 0;
      end
    end
  endtask

  task compare_results;
    begin
      check_buffers;
      if (filled != FILLED) complain("the sum of words filled differs from the run's");
      if (drained != DRAINED) complain("the sum of words drained differs from the run's");
      if (operations != OPERATIONS) complain("the sum of operations differs from the run's");
      checked = 0;
      for (i = 0; i < RESULTS; i = i + 1) begin
        if (^expected[i] === 1'bx) fault("not in the image of what is expected:", i);
        else if (^value[i] === 1'bx || summing[i]) fault("never completed:", i);
        else begin
          checked = checked + 1;
          if (value[i] !== expected[i]) begin
            fault("wrong:", i);
            if (errors <= MOST_ERRORS) $display("  got %0d (%h), expected %0d (%h)", value[i], value[i], expected[i], expected[i]);
          end
        end
      end
    end
  endtask

  initial begin
    if (!$value$plusargs("kit=%s", kit)) kit = "rtl";
    errors = 0;
    cycle = 0;
    last_cycle = 0;
    lines = 0;
    filled = 0;
    drained = 0;
    operations = 0;
    moved = 0;
    for (i = 0; i < WORDS; i = i + 1) begin  // all of `value`, `taken` and `expected` is x now
      summing[i] = 0;
      taken_sum[i] = 0;
    end
    for (i = 0; i < LEVELS; i = i + 1) held[i] = 0;
    for (i = 0; i < PORTS; i = i + 1) begin
      last_tile[i] = -1;
      busy_bits[i] = 0;
      busy_since[i] = 0;
      busy_until[i] = 0;
    end
    load_images;
    file = $fopen({kit, "/commands.txt"}, "r");
    if (file == 0) begin
      $display("error: there is no %0s/commands.txt", kit);
      errors = 1;
      command = "end";
    end else begin
      got = $fgets(text, file);  // the names of the columns
      command = "";
    end
    while (command != "end") begin
      got = $fscanf(file, "%d %d %s %h %d", cycle, port, command, address, words);
      if (got != 5) begin
        complain("expected a command; is the file whole?");
        command = "end";
      end else begin
        if (cycle < last_cycle) complain("the cycle is less than that of the line before");
        last_cycle = cycle;
        case (command)
          "move": do_move;
          "fill": do_fill;
          "take": do_take;
          "drain": do_drain;
          "begin": do_begin;
          "compute": do_compute;
          "complete": do_complete;
          "release": do_release;
          "end": begin
            if (moved != 0) complain("words of the last transfer are missing");
            if (words != lines) complain("lines are missing or too many");
            if (cycle != CYCLES) complain("the end is not that of the run");
          end
          default: complain("there is no such command");
        endcase
        if (command != "end") lines = lines + 1;
      end
    end
    if (file != 0) compare_results;
    if (errors == 0) begin
      $display("PASS: %0d commands, %0d operations, %0d results as expected, %0d cycles", lines, operations, checked, cycle);
      $finish;
    end
    $display("FAIL: %0d errors", errors);
`ifdef __ICARUS__
    $finish_and_return(1);
`else
    $finish;
`endif
  end
endmodule
)verilog";

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
  std::string ends, bytes, names, levels, bits, empty;
  for (const RtlRegion& region : kit.memories->regions()) {
    const std::int64_t end = region.first + region.words;
    ends += fmt::format("    else if (at < {0}) end_of = {0};  // {1}\n", end, region_name(region));
    names += fmt::format("    else if (at < {}) $write(\"word %0d of {}\", at - {});\n", end,
                         quoted(region_name(region)), region.first);
    levels += fmt::format("    else if (at < {}) level_of = {};\n", end, region.level.value);
    bits += fmt::format("    else if (at < {}) bits_of = {};\n", end,
                        word_bits(*kit.run->tree, region.tensor, region.level));
    if (!kit.memories->stays(region)) {
      empty += fmt::format(
          "      for (i = {}; i < {}; i = i + 1) if (^value[i] !== 1'bx || summing[i]) "
          "fault(\"still held at the end:\", i);\n",
          region.first, end);
    }
    if (region.level == LevelId(0)) {
      const StoredTensor& stored = *(*kit.stored)[region.tensor];
      bytes += fmt::format("    else if (at < {}) byte_of = 64'd{} + (at - {}) * 64'd{} / 8;\n", end, stored.first_byte,
                           region.first, stored.word_bits);
    } else {
      bytes += fmt::format("    else if (at < {}) byte_of = 0;\n", end);
    }
  }
  return fmt::format(
      "  // ---- where an address lies\n"
      "  function integer end_of;  // the address after the tensor's\n    input integer at;\n    if (at < 0) end_of = "
      "0;\n"
      "{}    else end_of = 0;\n  endfunction\n\n"
      "  function [63:0] byte_of;  // in main memory; elsewhere 0\n    input integer at;\n    if (at < 0) byte_of = "
      "0;\n"
      "{}    else byte_of = 0;\n  endfunction\n\n"
      "  task write_word;\n    input integer at;\n    if (at < 0) $write(\"address %0d\", at);\n"
      "{}    else $write(\"address %h\", at);\n  endtask\n\n"
      "  function integer level_of;\n    input integer at;\n    if (at < 0) level_of = 0;\n"
      "{}    else level_of = 0;\n  endfunction\n\n"
      "  function integer bits_of;  // a word in that memory\n    input integer at;\n    if (at < 0) bits_of = 0;\n"
      "{}    else bits_of = 0;\n  endfunction\n\n"
      "  task check_buffers;\n    begin\n{}    end\n  endtask\n",
      ends, bytes, names, levels, bits, empty);
}

std::string port_functions(const RtlReplay& kit) {
  std::string rates, reads, writes;
  for (std::size_t level = 0; level < kit.ports->read.size(); ++level) {
    reads += fmt::format("      {}: read_port = {};\n", level, kit.ports->read[level]);
    writes += fmt::format("      {}: write_port = {};\n", level, kit.ports->write[level]);
  }
  for (std::size_t p = 0; p < kit.ports->ports.size(); ++p) {
    const RtlPort& port = kit.ports->ports[p];
    rates += fmt::format("      {}: rate = {};  // {}\n", p, port.bits_per_kilocycle, port.name);
  }
  std::string sizes;
  for (std::size_t level = 0; level < kit.run->tree->architecture.memories.size(); ++level) {
    const MemoryLevel& memory = kit.run->tree->architecture.memories[level];
    // Several instances are not told apart.
    const auto& regions = kit.memories->regions();
    const bool several = std::any_of(regions.begin(), regions.end(), [&](const RtlRegion& region) {
      return region.level.value == level && region.one_of_several;
    });
    sizes += fmt::format("      {}: size_of = 64'd{};  // {}\n", level, several ? 0 : memory.size_bits.value_or(0),
                         memory.name);
  }
  return fmt::format(
      "\n  function [63:0] size_of;  // bits; 0 = not limited, or several instances\n    input integer level;\n"
      "    case (level)\n{}      default: size_of = 0;\n    endcase\n  endfunction\n"
      "\n  // ---- the ports\n  function [63:0] rate;  // bits in 1000 cycles; 0 = not limited, or by banks\n"
      "    input integer at;\n    case (at)\n{}      default: rate = 0;\n    endcase\n  endfunction\n\n"
      "  function integer read_port;\n    input integer level;\n    case (level)\n{}      default: read_port = -1;\n"
      "    endcase\n  endfunction\n\n"
      "  function integer write_port;\n    input integer level;\n    case (level)\n{}      default: write_port = -1;\n"
      "    endcase\n  endfunction\n",
      sizes, rates, reads, writes);
}

std::string einsum_functions(const RtlReplay& kit) {
  std::string ranks, inputs, arrays, calls, tasks;
  const auto& einsums = kit.run->tree->graph.einsums;
  for (std::size_t e = 0; e < einsums.size(); ++e) {
    const Einsum& einsum = einsums[EinsumId(e)];
    ranks += fmt::format("      {}: ranks_of = {};\n", e, einsum.ranks.size());
    inputs += fmt::format("      {}: inputs_of = {};\n", e, einsum.inputs.size());
    for (const Leaf& leaf : kit.run->schedule->leaves) {
      if (leaf.einsum == EinsumId(e)) {
        arrays += fmt::format("      {}: array_of = {};\n", e, kit.ports->first_array + leaf.stage);
      }
    }
    calls += fmt::format("      {0}: einsum_{0}(accumulate_it);\n", e);
    tasks += rtl_einsum(kit, EinsumId(e)) + "\n";
  }
  return fmt::format(
      "  // ---- the einsums\n{}"
      "  function integer ranks_of;\n    input integer which;\n    case (which)\n{}      default: ranks_of = 0;\n"
      "    endcase\n  endfunction\n\n"
      "  function integer inputs_of;\n    input integer which;\n    case (which)\n{}      default: inputs_of = 0;\n"
      "    endcase\n  endfunction\n\n"
      "  function integer array_of;\n    input integer which;\n    case (which)\n{}      default: array_of = -1;\n"
      "    endcase\n  endfunction\n\n"
      "  task execute;\n    input integer which;\n    input accumulate_it;\n    case (which)\n{}"
      "      default: complain(\"there is no such einsum\");\n    endcase\n  endtask\n",
      tasks, ranks, inputs, arrays, calls);
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
  return head + parameters(kit) + memories + address_functions(kit) + port_functions(kit) + image_task(kit) + "\n" +
         einsum_functions(kit) + replay;
}

void write_rtl_memories(TraceFile& file, const ObservedRun& run, const RtlMemories& memories,
                        const IdVector<TensorId, std::optional<StoredTensor>>& stored) {
  file.write("address,words,memory,tensor,first_byte,word_bits,dimensions,low,extent,stride_words\n");
  for (const RtlRegion& region : memories.regions()) {
    const TensorLayout& layout = memories.layout(region.tensor);
    std::vector<Coordinate> lows, extents;
    for (const Interval side : layout.box) {
      lows.push_back(side.low);
      extents.push_back(side.high - side.low);
    }
    const bool outermost = region.level == LevelId(0);
    file.write(fmt::format("{:x},{},{},{},{},{},{},{},{},{}\n", region.first, region.words, region.memory,
                           region.tensor_name, outermost ? std::to_string(stored[region.tensor]->first_byte) : "",
                           word_bits(*run.tree, region.tensor, region.level),
                           fmt::join(run.tree->graph.tensors[region.tensor].dimensions, " "), fmt::join(lows, " "),
                           fmt::join(extents, " "), fmt::join(layout.strides, " ")));
  }
}

}  // namespace loopsim
