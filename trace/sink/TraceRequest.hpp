#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "trace/sink/TimelineLevel.hpp"
#include "trace/sink/Trace.hpp"

namespace loopsim {

enum class TraceKind { perfetto, chrome, vcd, dram, scalesim, noc, rtl };
/// A file of the kind `dram`.
enum class DramTraceStyle { dramsim3, ramulator, dramsys, commands };

/// Files of the kind `scalesim`.
enum class ScaleSimMemory { dram, sram };

/// One `--trace KIND[:OPTION,…]`.
struct TraceRequest {
  TraceKind kind = TraceKind::perfetto;
  TimelineLevel level = TimelineLevel::tile;  ///< of perfetto, chrome
  bool vcd = true;                            ///< of vcd: as it is
  bool fst = false;                           ///< of vcd: converted
  std::vector<DramTraceStyle> styles;         ///< of dram; not empty
  int word_bits = 64;                         ///< of rtl
  std::vector<ScaleSimMemory> memories;       ///< of scalesim; not empty
};

/// Why a text is not what was expected.
struct TraceTextError {
  std::string message;
};

std::variant<TraceRequest, TraceTextError> parse_trace_request(std::string_view text);
/// Adds what another request for the same kind asks for: its files beside those of `request`. False, and nothing, where
/// there is no file more, or both would be written under one name.
bool join_request(TraceRequest& request, const TraceRequest& other);
/// "FROM:TO" in cycles; either may be left out.
std::variant<TraceLimits, TraceTextError> parse_trace_window(std::string_view text);
std::string_view name_of(TraceKind kind);

}  // namespace loopsim
