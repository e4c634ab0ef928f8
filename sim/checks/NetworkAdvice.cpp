#include "sim/checks/NetworkAdvice.hpp"

#include <fmt/format.h>

namespace loopsim {

std::string text_of(const NocCounters::MoreNetworks& more, std::int64_t networks, const Measurement& measurement) {
  const std::size_t stages = measurement.accounting.size();
  return fmt::format(
      "operands of an einsum share {} and wait for each other there; with simulation.noc.networks={} steps {}would "
      "wait "
      "up to {} cycles less, the run has {}",
      networks == 1 ? "the only network" : fmt::format("{} networks", networks), more.networks,
      stages == 1 ? "" : fmt::format("of {} stages in all ", stages), more.saved_cycles, measurement.cycles);
}

}  // namespace loopsim
