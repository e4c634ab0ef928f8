#include <fmt/format.h>

#include "arch/dram/DramPartLoader.hpp"
#include "inputs/settings/KeyRows.hpp"

namespace loopsim {

using namespace key_rows;

namespace {

/// What is wrong inside a part's file is told there, a wrong name where it stands.
void apply_part(Target& to, const Setting& value) {
  to.machine->dram.part = value.word();
  to.machine->dram.part_where = value.where;
  try {
    load_dram_part(value.word());
  } catch (const InputError& error) {
    for (const Diagnostic& item : error.diagnostics.all()) {
      const bool placed = item.where.source && item.where.line > 0;
      to.diagnostics.error(placed ? item.where : value.where, item.message);
    }
  }
}

void apply_mapping(Target& to, const Setting& value) {
  to.machine->dram.mapping = value.word();
  to.machine->dram.mapping_where = value.where;
}

std::int64_t power_of_two(Target& to, const Setting& value) {
  const std::int64_t number = value.integer();
  if ((number & (number - 1)) != 0) {
    to.diagnostics.error(value.where, fmt::format("expected a power of two, got {}", number));
  }
  return number;
}

void apply_scheduler(Target& to, const Setting& value) {
  to.machine->dram.controller.scheduler = value.word() == "fcfs" ? DramScheduler::fcfs : DramScheduler::frfcfs;
}

Written written_scheduler(const Source& from) {
  return from.machine->dram.controller.scheduler == DramScheduler::fcfs ? "fcfs" : "frfcfs";
}

void apply_page(Target& to, const Setting& value) {
  to.machine->dram.controller.page = value.word() == "closed" ? DramPage::closed : DramPage::open;
}

Written written_page(const Source& from) {
  return from.machine->dram.controller.page == DramPage::closed ? "closed" : "open";
}

void apply_refresh(Target& to, const Setting& value) {
  to.machine->dram.controller.refresh = value.word() == "off"    ? DramRefresh::off
                                        : value.word() == "bank" ? DramRefresh::per_bank
                                                                 : DramRefresh::all_banks;
}

Written written_refresh(const Source& from) {
  const DramRefresh refresh = from.machine->dram.controller.refresh;
  return refresh == DramRefresh::off ? "off" : refresh == DramRefresh::per_bank ? "bank" : "all";
}

}  // namespace

std::vector<SimulationKey> dram_keys() {
  // A table reads best as one.
  // clang-format off
  return {
      {"dram.burst", Type::integer, "bits", "512",
       "transfers of the outermost memory are cut into bursts of this size", 1, most_bits, {},
       [](Target& to, const Setting& value) { to.machine->dram.burst_bits = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->dram.burst_bits); }},
      {"dram.separate_channels", Type::boolean, "", "false",
       "reads and writes each have a channel of the full bandwidth", 0, no_limit, {},
       [](Target& to, const Setting& value) { to.machine->dram.separate_channels = value.boolean(); },
       [](const Source& from) -> Written { return yes_or_no(from.machine->dram.separate_channels); }},
      {"dram.part", Type::text, "a part", "by the type of the outermost memory, else ddr4-2400-17",
       "JEDEC part of the outermost memory: a shipped one (loopsim dram --parts), or the path of a part's file", 0, no_limit, {},
       apply_part,
       [](const Source& from) -> Written { return dram_part_name(*from.machine); }},
      {"dram.mapping", Type::text, "fields", "row:bank:bankgroup:column",
       "fields of an address, most significant first; rank and channel go on top where not named", 0, no_limit, {},
       apply_mapping,
       [](const Source& from) -> Written { return from.machine->dram.mapping; }},
      {"dram.channels", Type::integer, "channels", "1",
       "channels of that part, a power of two", 1, 1024, {},
       [](Target& to, const Setting& value) { to.machine->dram.channels = power_of_two(to, value); },
       [](const Source& from) -> Written { return whole(from.machine->dram.channels); }},
      {"dram.ranks", Type::integer, "ranks", "the part's",
       "ranks of a channel, a power of two", 1, 64, {},
       [](Target& to, const Setting& value) { to.machine->dram.ranks = power_of_two(to, value); },
       [](const Source& from) -> Written { return whole(from.machine->dram.ranks); }},
      {"dram.queue", Type::integer, "bursts", "32",
       "reads, and as many writes, that wait in a channel", 1, 65536, {},
       [](Target& to, const Setting& value) { to.machine->dram.controller.queue_depth = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->dram.controller.queue_depth); }},
      {"dram.scheduler", Type::word, "", "frfcfs",
       "bursts to open rows first, or in order", 0, no_limit, {"frfcfs", "fcfs"},
       apply_scheduler,
       written_scheduler},
      {"dram.page", Type::word, "", "open",
       "rows stay open, or are closed after every burst", 0, no_limit, {"open", "closed"},
       apply_page,
       written_page},
      {"dram.refresh", Type::word, "", "all",
       "all banks of a rank at once, one by one, or never", 0, no_limit, {"all", "bank", "off"},
       apply_refresh,
       written_refresh},
  };
  // clang-format on
}

}  // namespace loopsim
