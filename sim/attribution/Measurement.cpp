#include "sim/attribution/Measurement.hpp"

#include <numeric>

namespace loopsim {

const char* to_string(StallCause cause) {
  constexpr const char* names[stall_causes] = {"dram", "glb", "noc", "space", "writeback", "dependency"};
  return names[static_cast<std::size_t>(cause)];
}

std::int64_t StageAccount::total() const {
  return std::accumulate(std::begin(stall), std::end(stall), compute + ramp + drain + idle);
}

std::int64_t PathCycles::total() const {
  return std::accumulate(std::begin(stall), std::end(stall), compute);
}

}  // namespace loopsim
