#include "trace/rtl/RtlCheckerText.hpp"

namespace loopsim {

const char* const RtlCheckerText::head =
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

const char* const RtlCheckerText::state = R"verilog(
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
  // Tile operations of an array come as their results do, which need not be the order of its work.
  integer last_tile [0:PORTS-1];    // whose blocks came last
  integer last_einsum [0:PORTS-1];  // and of which einsum
  integer spans;
  integer last_span [0:PORTS-1];    // the one that starts last
  integer span_before [0:SPANS-1];  // the one of the same array that starts before; -1: none
  reg signed [63:0] span_start [0:SPANS-1];
  reg signed [63:0] span_end [0:SPANS-1];

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

const char* const RtlCheckerText::replay = R"verilog(  task compare_results;
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
    spans = 0;
    for (i = 0; i < WORDS; i = i + 1) begin  // all of `value`, `taken` and `expected` is x now
      summing[i] = 0;
      taken_sum[i] = 0;
    end
    for (i = 0; i < LEVELS; i = i + 1) held[i] = 0;
    for (i = 0; i < PORTS; i = i + 1) begin
      last_tile[i] = -1;
      last_einsum[i] = -1;
      last_span[i] = -1;
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

}  // namespace loopsim
