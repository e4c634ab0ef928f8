#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace loopsim {

/// What a controller can send to a DRAM rank. `A` after a column command means automatic precharge afterwards.
enum class JedecCommand : std::uint8_t {
  activate,
  precharge,
  precharge_all,
  read,
  read_auto,
  write,
  write_auto,
  refresh,
  refresh_bank,
};
inline constexpr std::size_t jedec_command_count = 9;
inline constexpr std::array<JedecCommand, jedec_command_count> jedec_commands = {
    JedecCommand::activate,   JedecCommand::precharge, JedecCommand::precharge_all,
    JedecCommand::read,       JedecCommand::read_auto, JedecCommand::write,
    JedecCommand::write_auto, JedecCommand::refresh,   JedecCommand::refresh_bank};

constexpr std::size_t index_of(JedecCommand command) {
  return static_cast<std::size_t>(command);
}
constexpr bool is_read(JedecCommand command) {
  return command == JedecCommand::read || command == JedecCommand::read_auto;
}
constexpr bool is_write(JedecCommand command) {
  return command == JedecCommand::write || command == JedecCommand::write_auto;
}
/// Moves a burst over the data bus.
constexpr bool is_column(JedecCommand command) {
  return is_read(command) || is_write(command);
}
/// Leaves its bank closed.
constexpr bool closes(JedecCommand command) {
  return command == JedecCommand::precharge || command == JedecCommand::precharge_all ||
         command == JedecCommand::read_auto || command == JedecCommand::write_auto;
}
/// Concerns a whole rank, not one bank.
constexpr bool is_rank_wide(JedecCommand command) {
  return command == JedecCommand::precharge_all || command == JedecCommand::refresh;
}

/// "ACT", "PRE", "PREA", "RD", "RDA", "WR", "WRA", "REF", "REFpb".
std::string_view name_of(JedecCommand command);
std::optional<JedecCommand> jedec_command_of(std::string_view name);

}  // namespace loopsim
