#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/TextFile.hpp"
#include "tests/TemporaryFolder.hpp"

namespace loopsim {
namespace {

TEST(TextFile, WhatIsRequiredIsReadOrRefused) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "some\ntext");
  EXPECT_EQ(read_required_file(path)->text, "some\ntext");
  EXPECT_EQ(read_required_file(path)->name, path);
  EXPECT_THROW(read_required_file(path + "x"), MissingInputError);
  EXPECT_THROW(read_required_file(""), MissingInputError);
  try {
    read_required_file(folder.path().string());
    ADD_FAILURE() << "read a folder";
  } catch (const MissingInputError&) {
    ADD_FAILURE() << "the folder is there";
  } catch (const InputError&) {
  }
}

/// The message, or nothing if it was read.
std::string refusal_of(const std::string& path, const ReadLimits& limits) {
  Diagnostics diagnostics;
  bool missing = false;
  if (read_text_file(path, diagnostics, missing, limits)) return "";
  EXPECT_FALSE(missing);
  return diagnostics.all().front().message;
}

TEST(TextFile, OnlyRegularFilesWhereAStrangerNamesThem) {
  const TemporaryFolder folder;
  const std::string pipe = (folder.path() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const ReadLimits regular{true};
  // Nobody writes into it, so a read would wait for ever.
  EXPECT_THAT(refusal_of(pipe, regular), ::testing::HasSubstr("expected a regular file"));
  EXPECT_THAT(refusal_of("/dev/zero", regular), ::testing::HasSubstr("expected a regular file"));
  EXPECT_THAT(refusal_of(folder.path().string(), regular), ::testing::HasSubstr("is a directory"));
  EXPECT_EQ(refusal_of(folder.write("a", "text"), regular), "");
}

TEST(TextFile, TheLimitHoldsWhileReading) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal_of("/dev/zero", {}), ::testing::HasSubstr("more than 64 MiB"));
  const std::size_t limit = 1 << 20;
  EXPECT_EQ(refusal_of(folder.write("fits", std::string(limit, 'x')), {false, limit}), "");
  EXPECT_EQ(refusal_of(folder.write("more", std::string(limit + 1, 'x')), {false, limit}),
            "the file has more than 1 MiB");
}

}  // namespace
}  // namespace loopsim
