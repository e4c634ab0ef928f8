#pragma once

#include <cstdint>
#include <vector>

#include "base/Quantity.hpp"

namespace loopsim {

/// What a step of a flow asks of a link, in cycles.
struct LinkDemand {
  std::size_t link = 0;
  std::int64_t cycles = 0;
};

/// Periods of flows so that no link is asked for more than it has, at least those given. On a link that has too little
/// those that ask for most of its time are lengthened until they ask for the same and all fit.
/// `demands`: of each flow, in the order of links; no link asks for more than its own flow's period.
std::vector<Cycle> fair_periods(const std::vector<std::vector<LinkDemand>>& demands, std::vector<Cycle> periods);

}  // namespace loopsim
