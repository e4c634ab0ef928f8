#pragma once

#include "base/Diagnostics.hpp"
#include "base/Document.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// The einsums under `problem:`. Errors go to `diagnostics`; the graph is only good if there are none.
EinsumGraph load_workload(const DocumentNode& problem, Diagnostics& diagnostics);

}  // namespace loopsim
