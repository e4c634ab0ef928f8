#pragma once

#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// "mac", "add", …
const char* operation_name(Operation operation);

}  // namespace loopsim
