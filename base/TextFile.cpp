#include "base/TextFile.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/SystemLimit.hpp"

namespace loopsim {

namespace {

/// Closes what it opened.
class OpenFile {
 public:
  /// Without waiting for the writer of a pipe where only regular files are wanted.
  OpenFile(const std::string& path, bool regular)
      : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | (regular ? O_NONBLOCK : 0))) {}
  ~OpenFile() {
    if (file_ >= 0) close(file_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int descriptor() const { return file_; }

 private:
  int file_;
};

/// Appends in blocks, traces are large: all of it, or a little more than `most_bytes`. The error's number, or 0.
int append_all(int file, std::size_t most_bytes, std::string& text) {
  std::array<char, 65536> block;
  while (text.size() <= most_bytes) {
    const ssize_t count = read(file, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return 0;
    text.append(block.data(), static_cast<std::size_t>(count));
  }
  return 0;
}

/// What keeps a file from being read; empty if nothing does.
std::string refusal(int file, const ReadLimits& limits) {
  struct stat status {};
  if (fstat(file, &status) != 0) return std::generic_category().message(errno);
  if (S_ISDIR(status.st_mode)) return "is a directory; expected a file";
  if (limits.regular && !S_ISREG(status.st_mode)) return "is a device or a pipe; expected a regular file";
  return "";
}

std::string read_all(int file, const ReadLimits& limits, std::string& text) {
  if (const int error = append_all(file, limits.most_bytes, text)) {
    return fmt::format("cannot be read: {}", std::generic_category().message(error));
  }
  if (text.size() > limits.most_bytes) return fmt::format("the file has more than {} MiB", limits.most_bytes >> 20);
  return "";
}

}  // namespace

std::shared_ptr<const SourceText> read_text_file(const std::string& path, Diagnostics& diagnostics, bool& missing,
                                                 const ReadLimits& limits) {
  auto source = std::make_shared<SourceText>();
  source->name = path == "-" ? "<stdin>" : path;
  const auto refuse = [&](const std::string& reason) {
    // Of what cannot be used no line is shown.
    diagnostics.error({std::make_shared<SourceText>(SourceText{source->name, ""}), 0, 0}, reason);
    return nullptr;
  };
  if (path.empty()) {
    missing = true;
    diagnostics.error({}, "the name of an input is empty");
    return nullptr;
  }
  std::string reason;
  if (path == "-") {
    reason = read_all(STDIN_FILENO, limits, source->text);
  } else {
    const OpenFile file(path, limits.regular);
    if (file.descriptor() < 0) {
      const int error = errno;
      throw_if_exhausted(fmt::format("'{}' cannot be opened", path), error);
      missing = true;
      return refuse(fmt::format("cannot be opened: {}", std::generic_category().message(error)));
    }
    reason = refusal(file.descriptor(), limits);
    if (reason.empty()) reason = read_all(file.descriptor(), limits, source->text);
  }
  if (!reason.empty()) return refuse(reason);
  return source;
}

std::shared_ptr<const SourceText> read_required_file(const std::string& path, const ReadLimits& limits) {
  Diagnostics diagnostics;
  bool missing = false;
  auto source = read_text_file(path, diagnostics, missing, limits);
  if (missing) throw MissingInputError(diagnostics);
  if (!source) throw InputError(diagnostics);
  return source;
}

}  // namespace loopsim
