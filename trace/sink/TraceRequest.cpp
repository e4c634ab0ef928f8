#include "trace/sink/TraceRequest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "base/Diagnostics.hpp"

namespace loopsim {

namespace {

template <class Value>
struct Word {
  std::string_view word;
  Value value;
};

constexpr std::array<Word<TraceKind>, 7> kinds = {{{"perfetto", TraceKind::perfetto},
                                                   {"chrome", TraceKind::chrome},
                                                   {"vcd", TraceKind::vcd},
                                                   {"dram", TraceKind::dram},
                                                   {"scalesim", TraceKind::scalesim},
                                                   {"rtl", TraceKind::rtl},
                                                   {"noc", TraceKind::noc}}};
constexpr std::array<Word<TimelineLevel>, 3> levels = {
    {{"layer", TimelineLevel::layer}, {"tile", TimelineLevel::tile}, {"transfer", TimelineLevel::transfer}}};
constexpr std::array<Word<DramTraceStyle>, 4> styles = {{{"dramsim3", DramTraceStyle::dramsim3},
                                                         {"ramulator", DramTraceStyle::ramulator},
                                                         {"dramsys", DramTraceStyle::dramsys},
                                                         {"commands", DramTraceStyle::commands}}};
constexpr std::array<Word<ScaleSimMemory>, 2> memories = {
    {{"dram", ScaleSimMemory::dram}, {"sram", ScaleSimMemory::sram}}};

template <class Value, std::size_t N>
const Value* find(const std::array<Word<Value>, N>& words, std::string_view word) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word<Value>& w) { return w.word == word; });
  return found == words.end() ? nullptr : &found->value;
}

template <class Value, std::size_t N>
TraceTextError unknown(const std::array<Word<Value>, N>& words, std::string_view what, std::string_view word) {
  std::vector<std::string> names;
  names.reserve(words.size());
  for (const Word<Value>& w : words) names.emplace_back(w.word);
  const std::string all = fmt::format("{}", fmt::join(names, ", "));
  const auto nearest = nearest_spelling(word, names);
  return {nearest ? fmt::format("there is no {} '{}'; did you mean '{}'?", what, word, *nearest)
                  : fmt::format("there is no {} '{}'; expected one of {}", what, word, all)};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

}  // namespace

std::string_view name_of(TraceKind kind) {
  return kinds[static_cast<std::size_t>(kind)].word;
}

std::variant<TraceRequest, TraceTextError> parse_trace_request(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view word = text.substr(0, colon);
  const TraceKind* kind = find(kinds, word);
  if (kind == nullptr) return unknown(kinds, "trace", word);
  TraceRequest request;
  request.kind = *kind;
  if (*kind == TraceKind::dram) request.styles = {DramTraceStyle::dramsim3};
  if (*kind == TraceKind::scalesim) request.memories = {ScaleSimMemory::dram, ScaleSimMemory::sram};
  if (colon == std::string_view::npos) return request;
  const std::vector<std::string_view> options = split(text.substr(colon + 1), ',');
  const auto read_list = [&](const auto& words, std::string_view what,
                             auto& values) -> std::variant<TraceRequest, TraceTextError> {
    values.clear();
    for (const std::string_view option : options) {
      const auto* value = find(words, option);
      if (value == nullptr) return unknown(words, what, option);
      if (std::find(values.begin(), values.end(), *value) == values.end()) values.push_back(*value);
    }
    return request;
  };
  if (*kind == TraceKind::dram) return read_list(styles, "format of the trace 'dram' named", request.styles);
  if (*kind == TraceKind::scalesim)
    return read_list(memories, "memory of the trace 'scalesim' named", request.memories);
  if (*kind == TraceKind::vcd && options.size() == 1 && options.front() == "fst") {
    request.vcd = false;
    request.fst = true;
    return request;
  }
  if (*kind == TraceKind::vcd) {
    return TraceTextError{fmt::format("the trace 'vcd' has the option 'fst', got '{}'", text.substr(colon + 1))};
  }
  if (*kind == TraceKind::rtl) {
    const std::array<Word<int>, 4> widths = {{{"8", 8}, {"16", 16}, {"32", 32}, {"64", 64}}};
    const int* width = options.size() == 1 ? find(widths, options.front()) : nullptr;
    if (width == nullptr) {
      return TraceTextError{
          fmt::format("expected the bits of a word (8, 16, 32 or 64), got '{}'", text.substr(colon + 1))};
    }
    request.word_bits = *width;
    return request;
  }
  if (*kind != TraceKind::perfetto && *kind != TraceKind::chrome) {
    return TraceTextError{fmt::format("the trace '{}' has no options, got '{}'", word, text.substr(colon + 1))};
  }
  if (options.size() > 1) return TraceTextError{fmt::format("expected one level, got '{}'", text.substr(colon + 1))};
  const TimelineLevel* level = find(levels, options.front());
  if (level == nullptr) return unknown(levels, "level", options.front());
  request.level = *level;
  return request;
}

bool join_request(TraceRequest& request, const TraceRequest& other) {
  const auto unite = [](auto& values, const auto& more) {
    const std::size_t before = values.size();
    for (const auto& value : more) {
      if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
    }
    return values.size() > before;
  };
  switch (request.kind) {
    case TraceKind::vcd: {
      const bool more = (other.vcd && !request.vcd) || (other.fst && !request.fst);
      request.vcd |= other.vcd;
      request.fst |= other.fst;
      return more;
    }
    case TraceKind::dram:
      return unite(request.styles, other.styles);
    case TraceKind::scalesim:
      return unite(request.memories, other.memories);
    default:
      return false;
  }
}

std::variant<TraceLimits, TraceTextError> parse_trace_window(std::string_view text) {
  const TraceTextError wrong{fmt::format("expected FROM:TO in cycles, FROM less than TO, got '{}'", text)};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return wrong;
  TraceLimits limits;
  const auto read = [](std::string_view part, Cycle& cycle) {
    if (part.empty()) return true;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), cycle.value);
    return error == std::errc() && end == part.data() + part.size() && cycle.value >= 0;
  };
  if (!read(text.substr(0, colon), limits.from) || !read(text.substr(colon + 1), limits.to)) return wrong;
  if (!(limits.from < limits.to)) return wrong;
  return limits;
}

}  // namespace loopsim
