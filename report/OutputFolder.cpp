#include "report/OutputFolder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <system_error>
#include <unistd.h>

#include "base/Diagnostics.hpp"
#include "base/SystemLimit.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& reason) {
  Diagnostics diagnostics;
  diagnostics.error({}, fmt::format("cannot write '{}': {}", path.string(), reason));
  throw InputError(std::move(diagnostics));
}

/// A full device is no fault of the inputs.
[[noreturn]] void fail(const fs::path& path, int error) {
  throw_if_exhausted(fmt::format("cannot write '{}'", path.string()), error);
  fail(path, std::generic_category().message(error));
}

/// Keeps an interrupt from taking effect while files of other names exist.
class InterruptsHeld {
 public:
  InterruptsHeld() {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~InterruptsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  InterruptsHeld(const InterruptsHeld&) = delete;
  InterruptsHeld& operator=(const InterruptsHeld&) = delete;

 private:
  sigset_t before_;
};

/// Folders and files that go away again unless they are kept.
class Scratch {
 public:
  Scratch() = default;
  ~Scratch() {
    std::error_code ignored;
    for (const fs::path& file : files_) fs::remove(file, ignored);
    // Innermost first; a folder that is not empty stays.
    for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) fs::remove(*folder, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void create_folder(const fs::path& folder) {
    std::error_code error;
    const fs::file_status status = fs::status(folder, error);
    if (fs::is_directory(status)) return;
    if (fs::exists(status)) fail(folder, "it is not a folder");
    const fs::path parent = folder.parent_path();
    if (!parent.empty() && parent != folder) create_folder(parent);
    error.clear();
    if (fs::create_directory(folder, error)) {
      folders_.push_back(folder);
    } else if (error) {
      fail(folder, error.value());
    }
  }

  void create_file(const fs::path& path, std::string_view text, const fs::path& shown) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (file < 0) fail(shown, errno);
    files_.push_back(path);
    while (!text.empty()) {
      const ssize_t written = write(file, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        const int error = errno;
        close(file);
        fail(shown, error);
      }
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (close(file) != 0) fail(shown, errno);
  }

  /// From here on everything stays that was not renamed before.
  void keep_folders() { folders_.clear(); }
  void forget_files() { files_.clear(); }

 private:
  std::vector<fs::path> folders_;
  std::vector<fs::path> files_;
};

/// The folder without a slash at its end, so that its parent is the folder it is in.
fs::path without_final_slash(const fs::path& folder) {
  return folder.has_filename() ? folder : folder.parent_path();
}

/// Another name in the same folder; runs that write there at the same time do not meet.
fs::path temporary_name(const fs::path& folder, const std::string& name) {
  return folder / fmt::format(".{}.{}.tmp", name, getpid());
}

void check_targets(const fs::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::error_code ignored;
    if (fs::is_directory(folder / name, ignored)) fail(folder / name, "it is a folder");
  }
}

}  // namespace

void check_output(const fs::path& folder, const std::vector<std::string>& names) {
  if (folder.empty()) fail(folder, "the name of the folder is empty");
  const fs::path target = without_final_slash(folder);
  const InterruptsHeld held;
  Scratch scratch;
  scratch.create_folder(target);
  check_targets(target, names);
  scratch.create_file(temporary_name(target, "probe"), "", target);
}

void write_output(const fs::path& folder, const std::vector<OutputFile>& files) {
  if (folder.empty()) fail(folder, "the name of the folder is empty");
  const fs::path target = without_final_slash(folder);
  const InterruptsHeld held;
  Scratch scratch;
  scratch.create_folder(target);
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const OutputFile& file : files) names.push_back(file.name);
  check_targets(target, names);
  for (const OutputFile& file : files) {
    scratch.create_file(temporary_name(target, file.name), file.text, target / file.name);
  }
  for (const OutputFile& file : files) {
    std::error_code error;
    fs::rename(temporary_name(target, file.name), target / file.name, error);
    if (error) fail(target / file.name, error.value());
    scratch.keep_folders();
  }
  scratch.forget_files();
}

}  // namespace loopsim
