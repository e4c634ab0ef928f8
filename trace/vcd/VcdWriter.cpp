#include "trace/vcd/VcdWriter.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace loopsim {

namespace {

/// Names of signals in the file, as short as there are printable characters.
std::string code_of(std::size_t number) {
  constexpr char first = '!';
  constexpr std::size_t characters = '~' - '!' + 1;
  std::string code;
  do {
    code += static_cast<char>(first + number % characters);
    number /= characters;
  } while (number > 0);
  return code;
}

}  // namespace

VcdWriter::VcdWriter(const std::filesystem::path& folder) : file_(folder, "trace.vcd") {}

VcdSignal VcdWriter::add_signal(const std::string& scope, const std::string& name, int bits) {
  signals_.push_back({scope, name, bits, code_of(signals_.size()), 0, 0});
  return signals_.size() - 1;
}

void VcdWriter::begin(Picoseconds begin, Picoseconds end) {
  begin_ = begin;
  end_ = end;
  write_header();
}

void VcdWriter::write_header() {
  file_.write("$version loopsim $end\n$timescale 1 ps $end\n$scope module loopsim $end\n");
  std::string scope;
  for (const Signal& signal : signals_) {
    if (signal.scope != scope) {
      if (!scope.empty()) file_.write("$upscope $end\n");
      scope = signal.scope;
      file_.write(fmt::format("$scope module {} $end\n", scope));
    }
    const std::string range = signal.bits > 1 ? fmt::format(" [{}:0]", signal.bits - 1) : "";
    file_.write(fmt::format("$var wire {} {} {}{} $end\n", signal.bits, signal.code, signal.name, range));
  }
  if (!scope.empty()) file_.write("$upscope $end\n");
  file_.write("$upscope $end\n$enddefinitions $end\n");
}

void VcdWriter::change(VcdSignal signal, Picoseconds time, std::int64_t value) {
  signals_[signal].latest = value;
  ahead_[{std::max(time, settled_), signal}] = value;
}

void VcdWriter::write_value(const Signal& signal) {
  if (signal.bits == 1) {
    file_.write(fmt::format("{}{}\n", signal.written, signal.code));
  } else {
    file_.write(fmt::format("b{:b} {}\n", static_cast<std::uint64_t>(signal.written), signal.code));
  }
}

void VcdWriter::write_values() {
  file_.write(fmt::format("#{}\n$dumpvars\n", begin_.value));
  for (const Signal& signal : signals_) write_value(signal);
  file_.write("$end\n");
  time_ = begin_;
}

void VcdWriter::write_time(Picoseconds time) {
  if (*time_ < time) file_.write(fmt::format("#{}\n", time.value));
  time_ = time;
}

void VcdWriter::settle(Picoseconds time) {
  settled_ = std::max(settled_, time);
  while (!ahead_.empty() && ahead_.begin()->first.first < time) {
    const auto [moment, number] = ahead_.begin()->first;
    const std::int64_t value = ahead_.begin()->second;
    ahead_.erase(ahead_.begin());
    Signal& signal = signals_[number];
    if (signal.written == value || moment >= end_) continue;
    if (moment < begin_) {
      signal.written = value;
      continue;
    }
    if (!time_) write_values();
    write_time(moment);
    signal.written = value;
    write_value(signal);
  }
}

void VcdWriter::finish(Picoseconds end, const std::optional<std::string>& cut) {
  settle(end + Picoseconds(1));
  if (!time_) write_values();
  write_time(std::max(*time_, std::min(end, end_)));
  if (cut) file_.write(fmt::format("$comment cut: {} $end\n", *cut));
  file_.finish();
}

}  // namespace loopsim
