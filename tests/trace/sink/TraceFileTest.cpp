#include <gtest/gtest.h>

#include "base/Diagnostics.hpp"
#include "tests/TemporaryFolder.hpp"
#include "trace/sink/TraceFile.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;

TEST(TraceFile, AppearsWhenItIsFinished) {
  const TemporaryFolder folder;
  const fs::path target = folder.path() / "deep" / "trace";
  TraceFile file(folder.path() / "deep", "trace");
  const std::string text(100'000, 'x');
  file.write(text);
  file.write("end");
  EXPECT_EQ(file.size(), 100'003);
  EXPECT_FALSE(fs::exists(target));
  file.finish();
  EXPECT_EQ(fs::file_size(target), 100'003U);
}

TEST(TraceFile, LeavesNothingUnlessItIsFinished) {
  const TemporaryFolder folder;
  {
    TraceFile file(folder.path(), "trace");
    file.write(std::string(100'000, 'x'));
    EXPECT_FALSE(fs::is_empty(folder.path()));
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(TraceFile, SaysWhyItCannotBeWritten) {
  const TemporaryFolder folder;
  folder.write("file", "");
  EXPECT_THROW(TraceFile(folder.path() / "file", "trace"), InputError);
}

}  // namespace
}  // namespace loopsim
