// What -o does to a folder that others use as well.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsSupersetOf;

class OutputFolderOfRun : public testing::Test {
 protected:
  ProgramOutcome run_into(const fs::path& folder, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> words = {"run", small("fc_fc/fused.yaml"), small("edge.yaml"), "-o", folder.string()};
    words.insert(words.end(), options.begin(), options.end());
    return run_program(words);
  }

  /// A run of seconds with traces; -1 if there is none. It has begun to write.
  pid_t start_long_run(const fs::path& output) const {
    std::string text = text_of(small("fc_fc/fused.yaml"));
    for (const char* rank : {"P1 < 16", "P2 < 16"}) text.replace(text.find(rank), 7, std::string(rank, 5) + "400000");
    const std::string workload = folder_.write("long.yaml", text);
    const std::string machine = small("edge.yaml");
    const pid_t child = fork();
    if (child == 0) {
      execl(program_path().c_str(), "loopsim", "run", workload.c_str(), machine.c_str(), "-o", output.c_str(),
            "--trace", "chrome", "--trace", "vcd", static_cast<char*>(nullptr));
      _exit(127);
    }
    for (int i = 0; i < 3'000 && half_written(output) < 2; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return child;
  }
  static std::ptrdiff_t half_written(const fs::path& folder) {
    const std::vector<std::string> names = names_in(folder);
    return std::count_if(names.begin(), names.end(), [](const std::string& name) { return name.front() == '.'; });
  }
  static int end(pid_t child, int signal) {
    kill(child, signal);
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }

  static std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) names.push_back(entry.path().filename());
    return names;
  }

  const TemporaryFolder folder_;
  const fs::path out_ = folder_.path() / "out";
};

const std::vector<std::string> documents = {"stats.json", "stats.csv", "resolved.yaml", "host.json"};

TEST_F(OutputFolderOfRun, FilesOfOthersStayWhateverTheirNames) {
  fs::create_directories(out_ / "rtl");
  for (const char* name : {"trace.json", "trace.vcd", "dram_map.csv", "rtl/check.v", "rtl/mine.hex", "rtl/commands.txt",
                           "A_DRAM_READ_TRACE.csv"}) {
    std::ofstream(out_ / name) << "mine";
  }
  for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--trace", "perfetto"}, {}}) {
    const auto outcome = run_into(out_, options);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
    for (const char* name : {"trace.json", "trace.vcd", "dram_map.csv", "rtl/check.v", "rtl/mine.hex",
                             "rtl/commands.txt", "A_DRAM_READ_TRACE.csv"}) {
      EXPECT_EQ(text_of(out_ / name), "mine") << name;
    }
  }
  EXPECT_FALSE(fs::exists(out_ / "trace.pftrace")) << "of the run before";
}

TEST_F(OutputFolderOfRun, HostJsonListsWhatWasWritten) {
  ASSERT_EQ(run_into(out_, {"--trace", "chrome", "--trace", "dram:dramsim3", "--fidelity", "dram"}).exit_code, 0);
  const auto host = nlohmann::json::parse(text_of(out_ / "host.json"));
  std::vector<std::string> listed = host["files"];
  EXPECT_THAT(names_in(out_), testing::UnorderedElementsAreArray(listed));
  EXPECT_THAT(listed, IsSupersetOf({"trace.json", "dram.dramsim3.trace", "stats.json"}));
}

TEST_F(OutputFolderOfRun, EveryCommandRemovesTheEarlierRunsTraces) {
  for (const char* command : {"estimate", "ladder"}) {
    ASSERT_EQ(run_into(out_, {"--trace", "chrome"}).exit_code, 0);
    const auto outcome = run_program({command, small("fc_fc/fused.yaml"), small("edge.yaml"), "-o", out_.string()});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.errors, HasSubstr("note: removed '" + (out_ / "trace.json").string() + "' of an earlier run"));
    EXPECT_THAT(names_in(out_), testing::UnorderedElementsAreArray(documents));
  }
}

TEST_F(OutputFolderOfRun, AnInputIsNeverOverwritten) {
  fs::create_directory(out_);
  const std::string machine = text_of(small("edge.yaml"));
  struct {
    const char* name;
    std::vector<std::string> traces;
  } const cases[] = {
      {"resolved.yaml", {}}, {"stats.json", {}}, {"host.json", {}}, {"trace.json", {"--trace", "chrome"}}};
  for (const auto& c : cases) {
    const fs::path input = out_ / c.name;
    std::ofstream(input) << machine;
    fs::create_symlink(input, folder_.path() / "link.yaml");
    for (const fs::path& path : {input, folder_.path() / "link.yaml", out_ / ".." / "out" / c.name}) {
      std::vector<std::string> words = {"run", small("fc_fc/fused.yaml"), path.string(), "-o", out_.string()};
      words.insert(words.end(), c.traces.begin(), c.traces.end());
      const auto outcome = run_program(words);
      EXPECT_EQ(outcome.exit_code, 65) << path;
      EXPECT_THAT(outcome.errors, HasSubstr("it is an input")) << path;
      EXPECT_EQ(text_of(input), machine) << path;
    }
    fs::remove(folder_.path() / "link.yaml");
    fs::remove(input);
  }
  EXPECT_TRUE(fs::is_empty(out_));
}

TEST_F(OutputFolderOfRun, AReportIsNoneOfTheFilesOfItsRuns) {
  ASSERT_EQ(run_into(out_, {"--trace", "chrome", "--trace", "vcd"}).exit_code, 0);
  for (const char* name : {"stats.json", "stats.csv", "resolved.yaml", "host.json", "trace.json", "trace.vcd"}) {
    const std::string before = text_of(out_ / name);
    const auto outcome = run_program({"report", out_.string(), "-o", (out_ / name).string()});
    EXPECT_EQ(outcome.exit_code, 65) << name;
    EXPECT_EQ(text_of(out_ / name), before) << name;
  }
  EXPECT_EQ(run_program({"report", out_.string(), "-o", (out_ / "page.html").string()}).exit_code, 0);
}

TEST_F(OutputFolderOfRun, AReportReadsRegularFilesAlone) {
  ASSERT_EQ(run_into(out_).exit_code, 0);
  for (const char* name : {"trace.json", "resolved.yaml", "stats.json"}) {
    fs::remove(out_ / name);
    ASSERT_EQ(mkfifo((out_ / name).c_str(), 0600), 0);
    const auto outcome = run_program({"report", out_.string(), "-o", (folder_.path() / "page.html").string()});
    EXPECT_EQ(outcome.exit_code, 65) << name;
    EXPECT_THAT(outcome.errors, HasSubstr("regular file")) << name;
  }
}

TEST_F(OutputFolderOfRun, TheSecondOfTwoRunsIsRefused) {
  const pid_t first = start_long_run(out_);
  ASSERT_GT(first, 0);
  const std::vector<std::string> before = names_in(out_);
  const auto second = run_into(out_);
  EXPECT_EQ(second.exit_code, 65);
  EXPECT_THAT(second.errors, HasSubstr("another run is writing into it"));
  EXPECT_THAT(names_in(out_), IsSupersetOf(before));
  end(first, SIGKILL);
  EXPECT_EQ(run_into(out_).exit_code, 0);
}

TEST_F(OutputFolderOfRun, NothingIsLeftOfARunThatWasKilled) {
  for (const int signal : {SIGKILL, SIGSEGV}) {
    const pid_t child = start_long_run(out_);
    ASSERT_GT(child, 0);
    EXPECT_TRUE(WIFSIGNALED(end(child, signal)));
    std::ofstream(out_ / ".stats.json.999999999.tmp") << "half";
    std::ofstream(out_ / ".probe.999999999.tmp") << "";
    EXPECT_EQ(run_into(out_).exit_code, 0);
    EXPECT_THAT(names_in(out_), testing::UnorderedElementsAreArray(documents)) << signal;
  }
}

TEST_F(OutputFolderOfRun, ARunThatIsAskedToEndClosesItsTraces) {
  for (const int signal : {SIGTERM, SIGHUP}) {
    const pid_t child = start_long_run(out_);
    ASSERT_GT(child, 0);
    const int status = end(child, signal);
    ASSERT_TRUE(WIFEXITED(status)) << signal;
    EXPECT_EQ(WEXITSTATUS(status), 130);
    for (const std::string& name : names_in(out_)) EXPECT_NE(name.front(), '.') << name;
    ASSERT_EQ(run_into(out_).exit_code, 0);
    EXPECT_THAT(names_in(out_), testing::UnorderedElementsAreArray(documents)) << "the traces were listed";
  }
}

}  // namespace
}  // namespace loopsim
