#include "runs/FolderLock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <iostream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace loopsim {

FolderLock::~FolderLock() {
  release();
}

void FolderLock::release() {
  if (folder_ >= 0) close(folder_);
  folder_ = -1;
}

/// Another run may have removed the folder in the meantime and made a new one.
bool FolderLock::holds(const std::filesystem::path& folder) const {
  struct stat held {};
  struct stat there {};
  return folder_ >= 0 && fstat(folder_, &held) == 0 && stat(folder.c_str(), &there) == 0 &&
         held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

bool FolderLock::open_folder(const std::filesystem::path& folder) {
  release();
  folder_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return folder_ >= 0;
}

bool FolderLock::try_take(const std::filesystem::path& folder) {
  while (!holds(folder)) {
    if (!open_folder(folder)) return true;
    if (flock(folder_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      release();
      return false;
    }
  }
  return true;
}

void FolderLock::take(const std::filesystem::path& folder) {
  if (try_take(folder)) return;
  std::cerr << fmt::format("note: waiting for another run that writes into '{}'\n", folder.string());
  while (!holds(folder) && open_folder(folder)) {
    while (flock(folder_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
}

}  // namespace loopsim
