#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runs/FolderLock.hpp"
#include "tests/TemporaryFolder.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;

TEST(FolderLock, OneAtATime) {
  const TemporaryFolder folder;
  FolderLock second;
  {
    FolderLock first;
    EXPECT_TRUE(first.try_take(folder.path()));
    EXPECT_TRUE(first.try_take(folder.path())) << "again";
    EXPECT_FALSE(second.try_take(folder.path()));
    EXPECT_FALSE(second.try_take(folder.path() / "."));
  }
  EXPECT_TRUE(second.try_take(folder.path()));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(FolderLock, GoesWithItsProcess) {
  const TemporaryFolder folder;
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    FolderLock lock;
    lock.take(folder.path());
    const ssize_t told = write(ready[1], "x", 1);
    pause();
    _exit(told == 1 ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  FolderLock lock;
  EXPECT_FALSE(lock.try_take(folder.path()));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(lock.try_take(folder.path()));
}

TEST(FolderLock, AFolderThatIsNotThereIsFree) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "new";
  FolderLock first;
  FolderLock second;
  EXPECT_TRUE(first.try_take(path));
  fs::create_directory(path);
  EXPECT_TRUE(second.try_take(path));
  EXPECT_FALSE(first.try_take(path));
  // Removed and made anew, it is another folder.
  fs::remove(path);
  fs::create_directory(path);
  EXPECT_TRUE(first.try_take(path));
  EXPECT_FALSE(second.try_take(path));
}

}  // namespace
}  // namespace loopsim
