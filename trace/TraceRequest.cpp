#include "trace/TraceRequest.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "base/Diagnostics.hpp"
#include "trace/TraceFormats.hpp"

namespace loopsim {

namespace {

std::string expected(const std::vector<std::string_view>& words, std::string_view word) {
  const std::vector<std::string> names(words.begin(), words.end());
  const auto nearest = nearest_spelling(word, names);
  return nearest ? fmt::format("did you mean '{}'?", *nearest)
                 : fmt::format("expected one of {}", fmt::join(names, ", "));
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

std::variant<TraceRequest, TraceTextError> parse_trace_request(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view word = text.substr(0, colon);
  const auto format = std::find_if(trace_formats().begin(), trace_formats().end(),
                                   [&](const TraceFormat& one) { return one.word == word; });
  if (format == trace_formats().end()) {
    std::vector<std::string_view> words;
    for (const TraceFormat& one : trace_formats()) words.push_back(one.word);
    return TraceTextError{fmt::format("there is no trace '{}'; {}", word, expected(words, word))};
  }
  TraceRequest request{&*format, format->without_options};
  if (colon == std::string_view::npos) return request;
  const std::string_view all = text.substr(colon + 1);
  if (format->options.empty()) return TraceTextError{fmt::format("the trace '{}' has no options, got '{}'", word, all)};
  request.options.clear();
  for (const std::string_view option : split(all, ',')) {
    // The words of the format live as long as the program.
    const auto known = std::find(format->options.begin(), format->options.end(), option);
    if (known == format->options.end()) {
      return TraceTextError{
          fmt::format("the trace '{}' has no option '{}'; {}", word, option, expected(format->options, option))};
    }
    const auto given = std::find(request.options.begin(), request.options.end(), *known);
    if (given == request.options.end()) request.options.push_back(*known);
  }
  if (request.options.size() > 1 && !format->several_options) {
    return TraceTextError{fmt::format("the trace '{}' takes one option, got '{}'", word, all)};
  }
  return request;
}

bool join_request(TraceRequest& request, const TraceRequest& other) {
  if (!request.format->several_options) return false;
  const std::size_t before = request.options.size();
  for (const std::string_view option : other.options) {
    const auto given = std::find(request.options.begin(), request.options.end(), option);
    if (given == request.options.end()) request.options.push_back(option);
  }
  return request.options.size() > before;
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
