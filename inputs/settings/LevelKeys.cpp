#include <algorithm>
#include <fmt/format.h>

#include "arch/BoundlessRate.hpp"
#include "inputs/settings/KeyRows.hpp"

namespace loopsim {

using namespace key_rows;

namespace {

/// One bandwidth given replaces all that the component's attributes say.
PortBandwidth& ports_of(Target& to) {
  MemoryLevel& level = *to.change->level;
  if (!to.change->bandwidth_replaced) level.bandwidth = {};
  to.change->bandwidth_replaced = true;
  return level.bandwidth;
}

std::int64_t rate_of(const Setting& value) {
  return std::min(value.integer_or_infinity().value_or(boundless_bits_per_second), boundless_bits_per_second);
}

Written written_bandwidth(const Source& from) {
  const PortBandwidth& ports = from.level->bandwidth;
  return ports.unlimited() || ports.shared ? Written(rate(ports.shared)) : std::nullopt;
}

Written rate_if_given(const std::optional<std::int64_t>& bits_per_second) {
  return bits_per_second ? Written(rate(bits_per_second)) : std::nullopt;
}

/// Settings of banks may come in any order; without a number of banks they have no effect.
BankSettings& banks_of(Target& to, const Setting& value) {
  MemoryLevel& level = *to.change->level;
  const std::vector<MemoryLevel>& memories = to.machine->memories;
  const std::size_t index = static_cast<std::size_t>(&level - memories.data());
  if (index != banked_level.value && !to.change->banks_where) {
    to.diagnostics.warning(
        value.where,
        fmt::format("banks of '{}' have no effect; only level {} has banks{}", level.name, banked_level.value,
                    memories.size() > banked_level.value ? " ('" + memories[banked_level.value].name + "')" : ""));
  }
  if (!to.change->banks_where) to.change->banks_where = value.where;
  if (!level.banks) level.banks = BankSettings();
  return *level.banks;
}

void apply_banks(Target& to, const Setting& value) {
  banks_of(to, value).count = value.integer();
  to.change->banks_counted = true;
}

void apply_line_bits(Target& to, const Setting& value) {
  banks_of(to, value);
  to.change->level->stated_line_bits = value.integer();
}

// What is said of banks where there are any.

Written written_banks(const Source& from) {
  return from.level->banks ? Written(whole(from.level->banks->count)) : std::nullopt;
}

Written written_bank_ports(const Source& from) {
  if (!from.level->banks) return std::nullopt;
  return from.level->banks->dual_ported ? "dual" : "single";
}

Written written_line_bits(const Source& from) {
  return from.level->banks ? Written(whole(from.level->line_bits())) : std::nullopt;
}

}  // namespace

std::vector<SimulationKey> level_keys() {
  // A table reads best as one.
  // clang-format off
  return {
      {"levels.NAME.size", Type::integer_or_infinity, "bits", "depth × width of the component, else inf",
       "capacity of one instance of a memory", 1, no_limit, {},
       [](Target& to, const Setting& value) { to.change->level->size_bits = value.integer_or_infinity(); },
       [](const Source& from) -> Written { return limit(from.level->size_bits); }},
      {"levels.NAME.datawidth", Type::integer, "bits", "datawidth of the component, else 8",
       "bits of one word of a tensor that does not say otherwise", 1, most_word_bits, {},
       [](Target& to, const Setting& value) { to.change->level->datawidth_bits = value.integer(); },
       [](const Source& from) -> Written { return whole(from.level->datawidth_bits); }},
      {"levels.NAME.width", Type::integer, "bits", "width of the component, else its datawidth",
       "bits that one access moves", 1, most_bits, {},
       [](Target& to, const Setting& value) { to.change->level->width_bits = value.integer(); },
       [](const Source& from) -> Written { return whole(from.level->width_bits); }},
      {"levels.NAME.bandwidth", Type::integer_or_infinity, "bits/s", "from the component's bandwidths or ports, else inf",
       "of one instance, shared by reads and writes; a bandwidth here replaces all of the component", 1, no_limit, {},
       [](Target& to, const Setting& value) { ports_of(to).shared = rate_of(value); },
       written_bandwidth},
      {"levels.NAME.read_bandwidth", Type::integer_or_infinity, "bits/s", "from the component's bandwidths or ports",
       "of one instance, for reads alone", 1, no_limit, {},
       [](Target& to, const Setting& value) { ports_of(to).read = rate_of(value); },
       [](const Source& from) -> Written { return rate_if_given(from.level->bandwidth.read); }},
      {"levels.NAME.write_bandwidth", Type::integer_or_infinity, "bits/s", "from the component's bandwidths or ports",
       "of one instance, for writes alone", 1, no_limit, {},
       [](Target& to, const Setting& value) { ports_of(to).write = rate_of(value); },
       [](const Source& from) -> Written { return rate_if_given(from.level->bandwidth.write); }},
      {"levels.NAME.latency", Type::integer, "cycles", "latency of the component, else 0",
       "from a request to the first data; overlaps other transfers", 0, most_cycles, {},
       [](Target& to, const Setting& value) { to.change->level->latency_cycles = value.integer(); },
       [](const Source& from) -> Written { return whole(from.level->latency_cycles); }},
      {"levels.NAME.transfer_overhead", Type::integer, "cycles", "0",
       "each transfer occupies its port this much longer", 0, most_cycles, {},
       [](Target& to, const Setting& value) { to.change->level->transfer_overhead_cycles = value.integer(); },
       [](const Source& from) -> Written { return whole(from.level->transfer_overhead_cycles); }},
      {"levels.NAME.refetch", Type::boolean, "", "false",
       "fill every tile whole, reusing nothing from the one before", 0, no_limit, {},
       [](Target& to, const Setting& value) { to.change->level->refetch = value.boolean(); },
       [](const Source& from) -> Written { return yes_or_no(from.level->refetch); }},
      {"levels.NAME.early_write_back", Type::boolean, "", "false",
       "write a result back as soon as its last update is done, not at the end of its tile", 0, no_limit, {},
       [](Target& to, const Setting& value) { to.change->level->early_write_back = value.boolean(); },
       [](const Source& from) -> Written { return yes_or_no(from.level->early_write_back); }},
      {"levels.NAME.copy_bandwidth", Type::integer_or_infinity, "bits/s", "inf",
       "of transfers within the level, one after the other, beside its ports", 1, no_limit, {},
       [](Target& to, const Setting& value) { to.change->level->copy_bandwidth = value.integer_or_infinity(); },
       [](const Source& from) -> Written { return whole(from.level->copy_bandwidth); }},
      {"levels.NAME.banks", Type::integer, "", "not banked",
       "banks of level 1; on the rung glb they stand in for its bandwidth", 1, most_banks, {},
       apply_banks,
       written_banks},
      {"levels.NAME.bank_ports", Type::word, "", "single",
       "what a bank does in a cycle: an access, or a read and a write", 0, no_limit, {"single", "dual"},
       [](Target& to, const Setting& value) { banks_of(to, value).dual_ported = value.word() == "dual"; },
       written_bank_ports},
      {"levels.NAME.line_bits", Type::integer, "bits", "width of the level",
       "of a line, which a bank accesses in a cycle", 1, most_bits, {},
       apply_line_bits,
       written_line_bits},
  };
  // clang-format on
}

}  // namespace loopsim
