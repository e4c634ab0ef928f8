// The tasks of the checker that execute commands.
#include "trace/rtl/RtlCheckerText.hpp"

namespace loopsim {

const char* const RtlCheckerText::commands = R"verilog(
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

  task use_array;  // from `start` to `ended`
    integer at, after;
    if (spans == SPANS) complain("there are more tile operations than the run had");
    else begin
      after = -1;
      at = last_span[port];
      while (at >= 0 && span_start[at] > start) begin
        after = at;
        at = span_before[at];
      end
      if (at >= 0 && start < span_end[at]) complain("the array is not free yet");
      if (after >= 0 && span_start[after] < ended) complain("the array is not free for so long");
      span_start[spans] = start;
      span_end[spans] = ended;
      span_before[spans] = at;
      if (after >= 0) span_before[after] = spans;
      else last_span[port] = spans;
      spans = spans + 1;
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
      if (port >= 0 && port < PORTS && (last_tile[port] != address || last_einsum[port] != einsum)) begin
        if (start < ended) use_array;
        last_tile[port] = address;
        last_einsum[port] = einsum;
      end  // else another block of the same one
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

)verilog";

}  // namespace loopsim
