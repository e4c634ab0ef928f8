#include "sim/dram/DramTrace.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <optional>

namespace loopsim {
namespace {

constexpr std::size_t most_errors = 20;
constexpr std::int64_t latest_cycle = std::int64_t(1) << 58;

using Words = std::array<std::string_view, 4>;

/// The first words of a line, up to one more than any format has.
std::size_t split(std::string_view line, Words& words) {
  std::size_t count = 0;
  const char* at = line.data();
  const char* const end = at + line.size();
  while (count < words.size()) {
    while (at != end && (*at == ' ' || *at == '\t' || *at == '\r')) ++at;
    if (at == end || *at == '#') break;
    const char* const begin = at;
    while (at != end && *at != ' ' && *at != '\t' && *at != '\r') ++at;
    words[count++] = {begin, static_cast<std::size_t>(at - begin)};
  }
  return count;
}

template <class Integer>
std::optional<Integer> number(std::string_view text, int base) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> address_of(std::string_view text) {
  const bool hexadecimal = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  return hexadecimal ? number<std::uint64_t>(text.substr(2), 16) : number<std::uint64_t>(text, 10);
}

struct TraceOperation {
  std::string_view name;
  bool write;
};
constexpr std::array<TraceOperation, 4> dramsim3_operations = {
    {{"READ", false}, {"WRITE", true}, {"read", false}, {"write", true}}};
constexpr std::array<TraceOperation, 2> ramulator_operations = {{{"LD", false}, {"ST", true}}};
constexpr std::array<TraceOperation, 2> plain_operations = {{{"R", false}, {"W", true}}};

template <std::size_t N>
const TraceOperation* find(const std::array<TraceOperation, N>& operations, std::string_view name) {
  for (const TraceOperation& operation : operations) {
    if (operation.name == name) return &operation;
  }
  return nullptr;
}

std::optional<DramTraceFormat> format_of(const Words& words, std::size_t count) {
  if (count == 0) return std::nullopt;
  if (find(ramulator_operations, words[0]) != nullptr) return DramTraceFormat::ramulator;
  if (find(plain_operations, words[0]) != nullptr) return DramTraceFormat::plain;
  if (count > 1 && address_of(words[0])) return DramTraceFormat::dramsim3;
  return std::nullopt;
}

std::string_view shape_of(DramTraceFormat format) {
  switch (format) {
    case DramTraceFormat::dramsim3:
      return "'ADDRESS READ|WRITE CYCLE' (DRAMsim3)";
    case DramTraceFormat::ramulator:
      return "'LD|ST ADDRESS' (Ramulator)";
    case DramTraceFormat::plain:
      break;
  }
  return "'R|W ADDRESS'";
}

/// What is wrong with a line.
struct LineError {
  std::string_view word;  ///< of the line
  std::string message;
};

class Parser {
 public:
  explicit Parser(const std::shared_ptr<const SourceText>& source) : source_(source) {}

  DramTrace parse() {
    const std::string_view text = source_->text;
    trace_.lines.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
    std::size_t begin = 0;
    for (int line = 1; begin < text.size() && diagnostics_.all().size() < most_errors; ++line) {
      const void* const newline = std::memchr(text.data() + begin, '\n', text.size() - begin);
      const std::size_t end =
          newline == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(newline) - text.data());
      parse_line(text.substr(begin, end - begin), line);
      begin = end + 1;
    }
    if (trace_.lines.empty() && !diagnostics_.has_errors()) {
      diagnostics_.error({source_, 0, 0}, "the trace has no requests");
    }
    if (diagnostics_.has_errors()) throw InputError(diagnostics_);
    return std::move(trace_);
  }

 private:
  void parse_line(std::string_view line, int line_number) {
    Words words;
    const std::size_t count = split(line, words);
    if (count == 0) return;
    if (!known_) {
      const auto format = format_of(words, count);
      if (!format) {
        error(line, words[0], line_number,
              fmt::format("expected {}, {} or {}, got '{}'", shape_of(DramTraceFormat::dramsim3),
                          shape_of(DramTraceFormat::ramulator), shape_of(DramTraceFormat::plain), words[0]));
        return;
      }
      trace_.format = *format;
      known_ = true;
    }
    DramTraceLine request;
    const auto wrong = trace_.format == DramTraceFormat::dramsim3 ? read_dramsim3(words, count, request)
                                                                  : read_operation_first(words, count, request);
    if (wrong) {
      error(line, wrong->word, line_number, wrong->message);
    } else {
      trace_.lines.push_back(request);
    }
  }

  std::optional<LineError> read_dramsim3(const Words& words, std::size_t count, DramTraceLine& request) const {
    if (count != 3) return wrong_shape(words, count, 3);
    const auto address = address_of(words[0]);
    if (!address) return not_an_address(words[0]);
    const TraceOperation* operation = find(dramsim3_operations, words[1]);
    if (operation == nullptr) return no_operation(words[1], {"READ", "WRITE"});
    const auto cycle = number<std::int64_t>(words[2], 10);
    if (!cycle || *cycle < 0 || *cycle > latest_cycle) {
      return LineError{words[2], fmt::format("expected a cycle from 0 to 2^58, got '{}'", words[2])};
    }
    request = {*address, operation->write, DramCycles(*cycle)};
    return std::nullopt;
  }

  std::optional<LineError> read_operation_first(const Words& words, std::size_t count, DramTraceLine& request) const {
    if (count != 2) return wrong_shape(words, count, 2);
    const bool ramulator = trace_.format == DramTraceFormat::ramulator;
    const auto& operations = ramulator ? ramulator_operations : plain_operations;
    const TraceOperation* operation = find(operations, words[0]);
    if (operation == nullptr) {
      return no_operation(words[0], {std::string(operations[0].name), std::string(operations[1].name)});
    }
    const auto address = address_of(words[1]);
    if (!address) return not_an_address(words[1]);
    request = {*address, operation->write, DramCycles()};
    return std::nullopt;
  }

  LineError wrong_shape(const Words& words, std::size_t count, std::size_t expected) const {
    return {words[std::min(count - 1, expected)],
            fmt::format("expected {}, got {} word{}", shape_of(trace_.format),
                        count == words.size() ? "more" : std::to_string(count), count == 1 ? "" : "s")};
  }
  static LineError not_an_address(std::string_view word) {
    return {word, fmt::format("expected an address (decimal, or hexadecimal with 0x) below 2^64, got '{}'", word)};
  }
  LineError no_operation(std::string_view word, const std::vector<std::string>& names) const {
    return {word, fmt::format("expected {}, got '{}'{}", shape_of(trace_.format), word, did_you_mean(word, names))};
  }

  void error(std::string_view line, std::string_view word, int line_number, const std::string& message) {
    diagnostics_.error({source_, line_number, static_cast<int>(word.data() - line.data()) + 1}, message);
  }

  std::shared_ptr<const SourceText> source_;
  DramTrace trace_;
  bool known_ = false;
  Diagnostics diagnostics_;
};

}  // namespace

DramTrace parse_dram_trace(const std::shared_ptr<const SourceText>& source) {
  return Parser(source).parse();
}

}  // namespace loopsim
