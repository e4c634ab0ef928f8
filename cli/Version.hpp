#pragma once

#include "runs/CaseResult.hpp"

namespace loopsim {

ToolVersion tool_version();

}  // namespace loopsim
