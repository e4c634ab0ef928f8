#include "arch/dram/JedecCommand.hpp"

namespace loopsim {

std::string_view name_of(JedecCommand command) {
  constexpr std::array<std::string_view, jedec_command_count> names = {"ACT", "PRE", "PREA", "RD",   "RDA",
                                                                       "WR",  "WRA", "REF",  "REFpb"};
  return names[index_of(command)];
}

std::optional<JedecCommand> jedec_command_of(std::string_view name) {
  for (const JedecCommand command : jedec_commands) {
    if (name_of(command) == name) return command;
  }
  return std::nullopt;
}

}  // namespace loopsim
