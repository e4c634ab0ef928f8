#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "trace/TraceFormat.hpp"

namespace loopsim {

/// Why a text is not what was expected.
struct TraceTextError {
  std::string message;
};

std::variant<TraceRequest, TraceTextError> parse_trace_request(std::string_view text);
/// Adds what another request for the same format asks for: its files beside those of `request`. False, and nothing,
/// where there is no file more, or both would be written under one name.
bool join_request(TraceRequest& request, const TraceRequest& other);
/// "FROM:TO" in cycles; either may be left out.
std::variant<TraceLimits, TraceTextError> parse_trace_window(std::string_view text);

}  // namespace loopsim
