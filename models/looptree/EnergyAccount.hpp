#pragma once

#include <vector>

#include "mapping/Measures.hpp"
#include "models/looptree/EinsumTimeline.hpp"
#include "models/looptree/Traffic.hpp"

namespace loopsim {

/// LoopTree's accounting: every word read or written costs one access of its memory, every operation its energy. By
/// component, action, tensor and einsum; amounts of 0 are left out.
std::vector<EnergyMeasure> energy_account(const BoundTree& tree, const std::vector<AccessTraffic>& accesses,
                                          const IdVector<EinsumId, EinsumTimeline>& timelines);

}  // namespace loopsim
