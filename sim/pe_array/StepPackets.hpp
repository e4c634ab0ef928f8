#pragma once

#include <cstdint>
#include <vector>

#include "sim/noc/StepPacket.hpp"
#include "sim/pe_array/ArrayPoint.hpp"
#include "sim/pe_array/WordShare.hpp"

namespace loopsim {

/// Packets of the words of a visit: those with the same PEs fill one line after the other. Of outputs, partial sums are
/// sent to the first PE of those that add to them, and sums come back from all of them.
std::vector<StepPacket> packets_of(const std::vector<WordShare>& shares, const ArrayPoint& point);

}  // namespace loopsim
