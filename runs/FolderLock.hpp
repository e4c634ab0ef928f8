#pragma once

#include <filesystem>

namespace loopsim {

/// Keeps other runs from writing into a folder. Goes with the process, however it ends; leaves no file. On file systems
/// without locks of folders nothing is kept.
class FolderLock {
 public:
  FolderLock() = default;
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// Takes the folder if it is there. False if another run has it.
  bool try_take(const std::filesystem::path& folder);
  /// Waits for the folder, which must be there. Says so on standard error if it has to wait.
  void take(const std::filesystem::path& folder);

 private:
  bool holds(const std::filesystem::path& folder) const;
  bool open_folder(const std::filesystem::path& folder);
  void release();

  int folder_ = -1;
};

}  // namespace loopsim
