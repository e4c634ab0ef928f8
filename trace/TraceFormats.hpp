#pragma once

#include <vector>

#include "trace/TraceFormat.hpp"

namespace loopsim {

/// All trace formats.
const std::vector<TraceFormat>& trace_formats();

}  // namespace loopsim
