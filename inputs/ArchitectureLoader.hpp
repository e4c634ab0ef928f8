#pragma once

#include <cstdint>
#include <optional>

#include "arch/Architecture.hpp"
#include "base/Diagnostics.hpp"
#include "base/Document.hpp"

namespace loopsim {

/// The machine under `architecture:` (Timeloop v4). Level i is the i-th component that stores or computes; the last is
/// the compute level. Bandwidths there are words a cycle, so the clock must be known: `clock_hz` wins over the cycle
/// time of the components. Energies are left open.
Architecture load_architecture(const DocumentNode& node, std::optional<std::int64_t> clock_hz,
                               Diagnostics& diagnostics);

}  // namespace loopsim
