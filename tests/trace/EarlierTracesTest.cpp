#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/TemporaryFolder.hpp"
#include "trace/EarlierTraces.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class EarlierTraces : public testing::Test {
 protected:
  EarlierTraces() { fs::create_directory(folder_.path() / "rtl"); }
  bool there(const std::string& name) const { return fs::exists(folder_.path() / name); }

  const TemporaryFolder folder_;
};

TEST_F(EarlierTraces, OnlyWhatIsListedGoes) {
  for (const char* name : {"trace.json", "trace.vcd", "notes.csv", "rtl/check.v", "rtl/A.hex", "rtl/mine.hex"}) {
    folder_.write(name, "text");
  }
  const auto removed =
      remove_earlier_traces(folder_.path(), {"trace.json", "notes.csv", "stats.json", "rtl/check.v", "rtl/A.hex"});
  EXPECT_THAT(removed, ElementsAre("rtl/A.hex", "rtl/check.v", "trace.json"));
  EXPECT_TRUE(there("trace.vcd"));
  EXPECT_TRUE(there("notes.csv")) << "no trace, whoever lists it";
  EXPECT_TRUE(there("rtl/mine.hex"));
}

TEST_F(EarlierTraces, TheKitsFolderGoesIfNothingElseIsInIt) {
  folder_.write("rtl/check.v", "text");
  remove_earlier_traces(folder_.path(), {});
  EXPECT_TRUE(there("rtl"));
  remove_earlier_traces(folder_.path(), {"rtl/check.v"});
  EXPECT_FALSE(there("rtl"));
}

TEST_F(EarlierTraces, LinksAreLeft) {
  const std::string target = folder_.write("rtl/check.v", "text");
  fs::create_symlink(target, folder_.path() / "trace.json");
  fs::create_directory(folder_.path() / "out");
  fs::create_directory_symlink(folder_.path() / "rtl", folder_.path() / "out" / "rtl");
  EXPECT_THAT(remove_earlier_traces(folder_.path(), {"trace.json"}), ElementsAre());
  EXPECT_THAT(remove_earlier_traces(folder_.path() / "out", {"rtl/check.v"}), ElementsAre());
  EXPECT_TRUE(there("rtl/check.v"));
}

TEST_F(EarlierTraces, HalfWrittenOnesGoWithoutAList) {
  for (const char* name : {".trace.json.999999999.tmp", "rtl/.B.hex.999999999.tmp", ".mine.txt.999999999.tmp"}) {
    folder_.write(name, "half");
  }
  folder_.write(".trace.vcd." + std::to_string(getppid()) + ".tmp", "of a process that lives");
  remove_abandoned_traces(folder_.path());
  EXPECT_FALSE(there(".trace.json.999999999.tmp"));
  EXPECT_FALSE(there("rtl"));
  EXPECT_TRUE(there(".mine.txt.999999999.tmp"));
  EXPECT_TRUE(there(".trace.vcd." + std::to_string(getppid()) + ".tmp"));
}

TEST_F(EarlierTraces, NewOnesAreToldFromThoseInWhosePlaceTheyAre) {
  folder_.write("trace.json", "a stranger's");
  folder_.write("trace.vcd", "a stranger's");
  const TraceFiles before = trace_files(folder_.path());
  folder_.write("new", "ours");
  fs::rename(folder_.path() / "new", folder_.path() / "trace.json");
  folder_.write("rtl/check.v", "ours");
  EXPECT_THAT(new_traces(before, trace_files(folder_.path())), ElementsAre("rtl/check.v", "trace.json"));
}

}  // namespace
}  // namespace loopsim
