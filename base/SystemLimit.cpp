#include "base/SystemLimit.hpp"

#include <cerrno>
#include <cstdio>
#include <fmt/format.h>
#include <sys/resource.h>
#include <system_error>

namespace loopsim {
namespace {

/// The soft limit in the units of the shell, or nothing if there is none.
std::optional<rlim_t> limit_of(__rlimit_resource_t resource, rlim_t unit) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur / unit;
}

std::string named(const char* what, const char* option, __rlimit_resource_t resource) {
  const auto limit = limit_of(resource, 1);
  return limit ? fmt::format("{} (ulimit {}: {})", what, option, *limit) : what;
}

}  // namespace

std::optional<std::string> exhausted(int error) {
  switch (error) {
    case EMFILE:
      return named("open files", "-n", RLIMIT_NOFILE);
    case ENFILE:
      return "open files of the whole system";
    case EAGAIN:
      return named("processes", "-u", RLIMIT_NPROC);
    case EFBIG:
      return "size of a file (ulimit -f)";
    case ENOSPC:
      return "space on the device";
    case EDQUOT:
      return "disk quota";
    case ENOMEM:
      return "memory (ulimit -v)";
    default:
      return std::nullopt;
  }
}

const char* out_of_memory_text() noexcept {
  static char text[80];
  const auto kib = limit_of(RLIMIT_AS, 1024);
  if (kib) {
    std::snprintf(text, sizeof text, "out of memory (ulimit -v: %llu KiB)", static_cast<unsigned long long>(*kib));
  } else {
    std::snprintf(text, sizeof text, "out of memory");
  }
  return text;
}

void throw_if_exhausted(const std::string& what, int error) {
  if (const auto limit = exhausted(error)) {
    throw LimitError(
        fmt::format("{}: {}; the limit is that of {}", what, std::generic_category().message(error), *limit));
  }
}

}  // namespace loopsim
