#pragma once

#include <string>

#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// The warning that more networks would help (NocCounters::more_networks), where there are `networks`.
std::string text_of(const NocCounters::MoreNetworks& more, std::int64_t networks, const Measurement& measurement);

}  // namespace loopsim
