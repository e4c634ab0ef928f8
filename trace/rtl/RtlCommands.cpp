#include "trace/rtl/RtlCommands.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <iterator>

namespace loopsim {

RtlCommands::RtlCommands(const std::filesystem::path& folder, std::int64_t most_bytes)
    : file_(folder, "commands.txt"), most_bytes_(most_bytes) {
  file_.write("# cycle port command address words ..: see check.v\n");
}

void RtlCommands::write(Cycle now, std::size_t port, const char* command, std::int64_t address, std::int64_t words,
                        std::string_view rest) {
  if (full_at_) return;
  line_.clear();
  fmt::format_to(std::back_inserter(line_), FMT_COMPILE("{} {} {} {:x} {}{}\n"), now.value, port, command, address,
                 words, rest);
  file_.write(line_);
  ++lines_;
  if (file_.size() >= most_bytes_) full_at_ = now;
}

void RtlCommands::write_end(Cycle now) {
  write(now, 0, "end", 0, lines_);
}

}  // namespace loopsim
