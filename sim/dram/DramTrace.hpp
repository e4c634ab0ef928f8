#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "arch/dram/DramConstraint.hpp"
#include "base/Diagnostics.hpp"

namespace loopsim {

/// DRAMsim3: `0xADDR READ|WRITE cycle`. Ramulator: `LD|ST addr`. Plain: `R|W addr`.
enum class DramTraceFormat { dramsim3, ramulator, plain };

struct DramTraceLine {
  std::uint64_t address = 0;
  bool write = false;
  DramCycles offered;  ///< DRAMsim3 only
};

struct DramTrace {
  DramTraceFormat format = DramTraceFormat::plain;
  std::vector<DramTraceLine> lines;
};

/// Reads a trace; the first line that says something decides on the format. Empty lines and what follows a `#` do not
/// count. Throws InputError if a line is not of that format or there is none.
DramTrace parse_dram_trace(const std::shared_ptr<const SourceText>& source);

}  // namespace loopsim
