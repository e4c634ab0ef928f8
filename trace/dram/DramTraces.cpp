#include "trace/dram/DramTraces.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <iterator>

#include "arch/dram/JedecCommand.hpp"
#include "trace/dram/AddressMapFile.hpp"

namespace loopsim {

namespace {

const char* file_name(DramTraceStyle style) {
  switch (style) {
    case DramTraceStyle::dramsim3:
      return "dram.dramsim3.trace";
    case DramTraceStyle::ramulator:
      return "dram.ramulator.trace";
    case DramTraceStyle::dramsys:
      return "dram.stl";
    case DramTraceStyle::commands:
      return "dram_commands.csv";
  }
  return "";
}

}  // namespace

std::optional<DramTraceStyle> find_dram_trace_style(std::string_view word) {
  if (word == "dramsim3") return DramTraceStyle::dramsim3;
  if (word == "ramulator") return DramTraceStyle::ramulator;
  if (word == "dramsys") return DramTraceStyle::dramsys;
  if (word == "commands") return DramTraceStyle::commands;
  return std::nullopt;
}

void DramTraces::begin(const ObservedRun& run) {
  require_addresses(run, "dram");
  run_ = run;
  const DramMemory& memory = *run.dram->memory;
  clock_.emplace(memory.part().clock_hz);
  geometry_.emplace(memory.part().organisation, memory.ranks());
  for (const DramTraceStyle style : styles_) {
    outputs_.push_back({{std::make_unique<TraceFile>(folder_, file_name(style))}, style});
    TraceFile& file = *outputs_.back().file;
    if (style == DramTraceStyle::dramsys) {
      file.write(fmt::format("# clkMhz {:g}, dataLength {}\n", static_cast<double>(memory.part().clock_hz) / 1e6,
                             memory.burst_bytes()));
    }
    if (style == DramTraceStyle::commands) file.write("cycle,channel,command,rank,bank_group,bank,row,column\n");
  }
}

bool DramTraces::open(Output& output, Cycle now) {
  return limits_.contains(now) && has_room(output, limits_, now);
}

void DramTraces::dram_request(const DramRequestRecord& request) {
  const Cycle now = run_->clock.edge(request.time);
  for (Output& output : outputs_) {
    if (output.style == DramTraceStyle::commands || !open(output, now)) continue;
    line_.clear();
    const auto to_line = std::back_inserter(line_);
    switch (output.style) {
      case DramTraceStyle::dramsim3:
        fmt::format_to(to_line, FMT_COMPILE("0x{:x} {} {}\n"), request.address, request.write ? "WRITE" : "READ",
                       request.cycle.value);
        break;
      case DramTraceStyle::ramulator:
        fmt::format_to(to_line, FMT_COMPILE("{} 0x{:x}\n"), request.write ? "ST" : "LD", request.address);
        break;
      case DramTraceStyle::dramsys:
        long_cycle_ = long_cycle_ || request.cycle.value > std::numeric_limits<std::uint32_t>::max();
        fmt::format_to(to_line, FMT_COMPILE("{}: {} 0x{:x}\n"), request.cycle.value, request.write ? "write" : "read",
                       request.address);
        break;
      case DramTraceStyle::commands:
        break;
    }
    output.file->write(line_);
  }
}

void DramTraces::dram_command(std::uint32_t channel, const DramCommandRecord& command) {
  const Cycle now = run_->clock.edge(clock_->begin(command.time));
  for (Output& output : outputs_) {
    if (output.style != DramTraceStyle::commands || !open(output, now)) continue;
    const std::uint32_t group = geometry_->group_of(command.bank).value % geometry_->groups_in_rank;
    line_.clear();
    fmt::format_to(std::back_inserter(line_), FMT_COMPILE("{},{},{},{},{},{},{},{}\n"), command.time.value, channel,
                   name_of(command.command), geometry_->rank_of(command.bank).value, group,
                   command.bank.value % geometry_->banks_in_group, command.row, command.column);
    output.file->write(line_);
  }
}

void DramTraces::finish(const TraceEnd& end) {
  if (outputs_.empty()) return;
  if (long_cycle_) warn("'dram.stl' has cycles beyond 2^32, which DRAMSys cannot read; use --trace-window");
  for (Output& output : outputs_) {
    if (output.style != DramTraceStyle::dramsys) {
      finish_file(*output.file, end);
      continue;
    }
    // The other formats have no comments.
    if (end.cut || output.full) output.file->write(fmt::format("# cut: {}\n", end.cut.value_or("size limit reached")));
    output.file->finish();
  }
  write_address_map(folder_, *run_);
}

}  // namespace loopsim
