#include "base/TemporaryName.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <fmt/format.h>
#include <unistd.h>

namespace loopsim {

std::filesystem::path temporary_path(const std::filesystem::path& folder, const std::string& name) {
  return folder / fmt::format(".{}.{}.tmp", name, getpid());
}

std::optional<std::string> abandoned_name(std::string_view name) {
  constexpr std::string_view ending = ".tmp";
  if (name.size() <= ending.size() + 1 || name.front() != '.') return std::nullopt;
  if (name.substr(name.size() - ending.size()) != ending) return std::nullopt;
  name = name.substr(1, name.size() - 1 - ending.size());
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  pid_t process = 0;
  const auto [end, error] = std::from_chars(name.data() + dot + 1, name.data() + name.size(), process);
  if (error != std::errc() || end != name.data() + name.size() || process <= 0) return std::nullopt;
  // Numbers of processes come back, in containers soon.
  const bool gone = process == getpid() || (kill(process, 0) != 0 && errno == ESRCH);
  if (!gone) return std::nullopt;
  return std::string(name.substr(0, dot));
}

}  // namespace loopsim
