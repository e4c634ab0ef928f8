#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "report/RunRecord.hpp"
#include "tests/TemporaryFolder.hpp"

namespace loopsim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RunRecord, ListsWhatTheRunWrote) {
  const TemporaryFolder folder;
  EXPECT_THAT(files_of_earlier_run(folder.path()), IsEmpty());
  folder.write("host.json", R"({"command_line": ["loopsim"], "files": ["stats.json", "rtl/check.v"]})");
  EXPECT_THAT(files_of_earlier_run(folder.path()), ElementsAre("stats.json", "rtl/check.v"));
}

TEST(RunRecord, AStrangersListNamesNothingOutsideOfTheFolder) {
  const TemporaryFolder folder;
  folder.write("host.json", R"({"command_line": [], "files": ["/etc/trace.json", "../trace.json", "rtl/../../check.v",
                                                              "", 7, "trace.json"]})");
  EXPECT_THAT(files_of_earlier_run(folder.path()), ElementsAre("trace.json"));
}

TEST(RunRecord, OtherDocumentsListNothing) {
  const TemporaryFolder folder;
  for (const char* text : {"", "[]", "{", R"({"files": ["trace.json"]})", R"({"command_line": []})",
                           R"({"command_line": [], "files": "trace.json"})"}) {
    folder.write("host.json", text);
    EXPECT_THAT(files_of_earlier_run(folder.path()), IsEmpty()) << text;
  }
  std::filesystem::remove(folder.path() / "host.json");
  ASSERT_EQ(mkfifo((folder.path() / "host.json").c_str(), 0600), 0);
  EXPECT_THAT(files_of_earlier_run(folder.path()), IsEmpty());
}

}  // namespace
}  // namespace loopsim
