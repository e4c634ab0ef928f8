#pragma once

#include "report/CaseResult.hpp"

namespace loopsim {

ToolVersion tool_version();

}  // namespace loopsim
