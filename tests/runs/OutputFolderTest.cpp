#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

#include "base/Diagnostics.hpp"
#include "runs/OutputFolder.hpp"
#include "tests/TemporaryFolder.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class OutputFolder : public testing::Test {
 protected:
  std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
    return names;
  }
  static std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  /// The message of the InputError that the call throws.
  template <class Call>
  static std::string error_of(Call&& call) {
    try {
      call();
    } catch (const InputError& error) {
      return render_all(error.diagnostics.all());
    }
    return "no error";
  }

  const TemporaryFolder folder_;
  const fs::path root_ = folder_.path();
};

TEST_F(OutputFolder, CreatesFoldersAndWritesWholeFiles) {
  const fs::path folder = root_ / "a" / "b";
  write_output(folder, {{"one", "1\n"}, {"two", std::string(100'000, 'x')}});
  EXPECT_THAT(names_in(folder), UnorderedElementsAre("one", "two"));
  EXPECT_EQ(text_of(folder / "one"), "1\n");
  EXPECT_EQ(text_of(folder / "two"), std::string(100'000, 'x'));
}

TEST_F(OutputFolder, ReplacesWhatWasThereAndKeepsOtherFiles) {
  std::ofstream(root_ / "mine") << "keep";
  write_output(root_, {{"one", "a longer text"}});
  write_output(root_ / "", {{"one", "new"}});
  EXPECT_THAT(names_in(root_), UnorderedElementsAre("one", "mine"));
  EXPECT_EQ(text_of(root_ / "one"), "new");
}

TEST_F(OutputFolder, CheckLeavesNothingBehind) {
  check_output(root_ / "a" / "b", {"one"});
  EXPECT_THAT(names_in(root_), testing::IsEmpty());
  check_output(root_, {"one"});
  EXPECT_THAT(names_in(root_), testing::IsEmpty());
}

TEST_F(OutputFolder, AFileIsNoFolder) {
  std::ofstream(root_ / "file") << "text";
  for (const fs::path& folder : {root_ / "file", root_ / "file" / "sub"}) {
    const std::string message = error_of([&] { check_output(folder, {"one"}); });
    EXPECT_THAT(message, HasSubstr("cannot write '" + (root_ / "file").string() + "'"));
    EXPECT_THAT(message, HasSubstr("not a folder"));
    EXPECT_THAT(error_of([&] { write_output(folder, {{"one", "1"}}); }), HasSubstr("cannot write"));
  }
  EXPECT_EQ(text_of(root_ / "file"), "text");
}

TEST_F(OutputFolder, AFolderInTheWayOfAFileIsFoundBeforeAnythingIsWritten) {
  fs::create_directory(root_ / "two");
  EXPECT_THAT(error_of([&] { check_output(root_, {"one", "two"}); }), HasSubstr("it is a folder"));
  EXPECT_THAT(error_of([&] { write_output(root_, {{"one", "1"}, {"two", "2"}}); }), HasSubstr("it is a folder"));
  EXPECT_THAT(names_in(root_), UnorderedElementsAre("two"));
}

TEST_F(OutputFolder, EmptyName) {
  EXPECT_THAT(error_of([] { check_output("", {"one"}); }), HasSubstr("empty"));
}

TEST_F(OutputFolder, NoPermission) {
  if (geteuid() == 0) GTEST_SKIP() << "the superuser may write anywhere";
  fs::permissions(root_, fs::perms::owner_read | fs::perms::owner_exec);
  for (const fs::path& folder : {root_, root_ / "sub"}) {
    EXPECT_THAT(error_of([&] { check_output(folder, {"one"}); }), HasSubstr("ermission denied"));
  }
  fs::permissions(root_, fs::perms::owner_all);
}

TEST_F(OutputFolder, WhereNothingCanBeCreated) {
  const fs::path folder = "/proc/loopsim";
  EXPECT_THAT(error_of([&] { check_output(folder, {"one"}); }), HasSubstr("cannot write '/proc/loopsim'"));
}

}  // namespace
}  // namespace loopsim
