#include "runs/OutputFolder.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <system_error>
#include <unistd.h>

#include "base/Diagnostics.hpp"
#include "base/SystemLimit.hpp"
#include "base/TemporaryName.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;

constexpr const char* probe = "probe";

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
    unlink(path.c_str());  // whatever has this name was made by a process of this number that is no more
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
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

void check_targets(const fs::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::error_code ignored;
    if (fs::is_directory(folder / name, ignored)) fail(folder / name, "it is a folder");
  }
}

/// Of the names, and of check_output's own file.
void remove_abandoned(const fs::path& folder, const std::vector<std::string>& names) {
  std::error_code none;
  std::vector<fs::path> abandoned;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const auto name = abandoned_name(entry.path().filename().string());
    if (!name) continue;
    if (*name == probe || std::find(names.begin(), names.end(), *name) != names.end()) {
      abandoned.push_back(entry.path());
    }
  }
  for (const fs::path& file : abandoned) fs::remove(file, none);
}

}  // namespace

void protect_inputs(const std::vector<fs::path>& inputs, const fs::path& folder,
                    const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    for (const fs::path& input : inputs) {
      std::error_code not_there;
      if (fs::equivalent(input, folder / name, not_there)) fail(folder / name, "it is an input");
    }
  }
}

void check_output(const fs::path& folder, const std::vector<std::string>& names, FolderLock* lock) {
  if (folder.empty()) fail(folder, "the name of the folder is empty");
  const fs::path target = without_final_slash(folder);
  if (lock != nullptr && !lock->try_take(target)) fail(target, "another run is writing into it");
  const InterruptsHeld held;
  Scratch scratch;
  scratch.create_folder(target);
  check_targets(target, names);
  scratch.create_file(temporary_path(target, probe), "", target);
}

void write_output(const fs::path& folder, const std::vector<OutputFile>& files, FolderLock* lock) {
  if (folder.empty()) fail(folder, "the name of the folder is empty");
  const fs::path target = without_final_slash(folder);
  FolderLock own;
  FolderLock& folder_lock = lock != nullptr ? *lock : own;
  folder_lock.take(target);
  const InterruptsHeld held;
  Scratch scratch;
  scratch.create_folder(target);
  folder_lock.take(target);
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const OutputFile& file : files) names.push_back(file.name);
  check_targets(target, names);
  remove_abandoned(target, names);
  for (const OutputFile& file : files) {
    scratch.create_file(temporary_path(target, file.name), file.text, target / file.name);
  }
  for (const OutputFile& file : files) {
    std::error_code error;
    fs::rename(temporary_path(target, file.name), target / file.name, error);
    if (error) fail(target / file.name, error.value());
    scratch.keep_folders();
  }
  scratch.forget_files();
}

}  // namespace loopsim
