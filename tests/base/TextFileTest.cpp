#include <gtest/gtest.h>

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

}  // namespace
}  // namespace loopsim
