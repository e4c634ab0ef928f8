#include "arch/FidelityName.hpp"
#include "inputs/settings/KeyRows.hpp"

namespace loopsim {

using namespace key_rows;

namespace {

void apply_fidelity(Target& to, const Setting& value) {
  if (const auto fidelity = find_fidelity(value.word())) to.machine->default_fidelity = *fidelity;
}

}  // namespace

std::vector<SimulationKey> machine_keys() {
  // A table reads best as one.
  // clang-format off
  return {
      {"version", Type::integer, "", "1",
       "version of these keys; 1 is the only one", 1, 1, {},
       [](Target&, const Setting&) {},
       [](const Source&) -> Written { return whole(1); }},
      {"clock", Type::integer, "Hz", "1/cycle_time of the architecture, else 1e9",
       "core clock", 1, fastest_clock, {},
       [](Target& to, const Setting& value) { to.machine->clock_hz = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->clock_hz); }},
      {"fidelity", Type::word, "", "bandwidth with an architecture, ideal without",
       "how much of the machine is modelled; each rung keeps the ones before", 0, no_limit, fidelity_names(),
       apply_fidelity,
       [](const Source& from) -> Written { return fidelity_word(from.machine->default_fidelity); }},
      {"prefetch", Type::integer, "tiles", "1 (ideal machine: 0)",
       "tiles fetched ahead of need into free space; tiles in flight are one more", 0, most_tiles, {},
       [](Target& to, const Setting& value) { to.machine->prefetch = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->prefetch); }},
  };
  // clang-format on
}

}  // namespace loopsim
