#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/Quantity.hpp"
#include "trace/sink/TraceFile.hpp"

namespace loopsim {

/// The stream of a kit, `commands.txt`: a command a line, as the head of `check.v` describes them. What comes after it
/// has reached its limit is not in it.
class RtlCommands {
 public:
  RtlCommands(const std::filesystem::path& folder, std::int64_t most_bytes);

  /// `address`, `words`: in the address space of the kit. `rest`: what else the command has, each with a space before.
  void write(Cycle now, std::size_t port, const char* command, std::int64_t address, std::int64_t words,
             std::string_view rest = "");
  /// The last line of a run that has ended at `now`.
  void write_end(Cycle now);
  /// When it reached its limit.
  std::optional<Cycle> full_at() const { return full_at_; }
  void finish() { file_.finish(); }

 private:
  TraceFile file_;
  std::int64_t most_bytes_;
  std::optional<Cycle> full_at_;
  std::int64_t lines_ = 0;
  std::string line_;
};

}  // namespace loopsim
