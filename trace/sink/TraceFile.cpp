#include "trace/sink/TraceFile.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

#include "base/Diagnostics.hpp"
#include "base/SystemLimit.hpp"
#include "base/TemporaryName.hpp"

namespace loopsim {

namespace fs = std::filesystem;

TraceFile::TraceFile(const fs::path& folder, const std::string& name)
    : name_(name), target_(folder / name), temporary_(temporary_path(folder, name)) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(error.value());
  unlink(temporary_.c_str());  // whatever has this name was made by a process of this number that is no more
  file_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file_ < 0) fail(errno);
}

TraceFile::~TraceFile() {
  if (file_ >= 0) close(file_);
  std::error_code ignored;
  if (!renamed_) fs::remove(temporary_, ignored);
}

void TraceFile::flush() {
  std::string_view text = buffer_;
  while (!text.empty()) {
    const ssize_t written = ::write(file_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void TraceFile::finish() {
  flush();
  const int file = file_;
  file_ = -1;
  if (close(file) != 0) fail(errno);
  std::error_code error;
  fs::rename(temporary_, target_, error);
  if (error) fail(error.value());
  renamed_ = true;
}

void TraceFile::fail(int error) const {
  throw_if_exhausted(fmt::format("cannot write '{}'", target_.string()), error);
  Diagnostics diagnostics;
  diagnostics.error({}, fmt::format("cannot write '{}': {}", target_.string(), std::generic_category().message(error)));
  throw InputError(std::move(diagnostics));
}

}  // namespace loopsim
