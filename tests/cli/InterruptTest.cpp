#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// Many steps in one tile operation: minutes of listing, in which nothing is asked whether it should go on.
constexpr const char* one_long_operation = R"(problem:
- shape:
    name: E
    dimensions: [P, Q]
    data_spaces:
    - {name: A, projection: '[ P, Q ]'}
    - {name: O, projection: '[ P, Q ]', read_write: True}
  instance: {P: 40000, Q: 40000}
mapping:
  type: fused
  nodes:
  - {type: storage, target: 0, dspace: [A, O]}
  - {type: storage, target: 1, dspace: [A, O]}
  - {type: temporal, rank: P, tile_shape: 1}
  - {type: temporal, rank: Q, tile_shape: 1}
  - {type: compute, einsum: E, target: 2}
)";

/// The exit code of a run that is interrupted once `folder` has a file with something in it; -1 if it takes longer than
/// `patience` to end.
int interrupt(std::vector<std::string> arguments, const fs::path& folder, milliseconds patience) {
  std::string program = program_path().string();
  std::vector<char*> argv = {program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGINT, SIG_DFL);
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  const auto begun = [&folder] {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      if (entry.is_regular_file(ignored) && entry.file_size(ignored) > 0) return true;
    }
    return false;
  };
  for (int i = 0; i < 3'000 && !begun(); ++i) std::this_thread::sleep_for(milliseconds(10));
  EXPECT_TRUE(begun());
  kill(child, SIGINT);
  const auto end = std::chrono::steady_clock::now() + patience;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) != child) {
    if (std::chrono::steady_clock::now() > end) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return -1;
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -2;
}

/// Half a second on a machine that does nothing else.
TEST(Interrupt, IsHeardWithinAnOperationThatTakesLong) {
  const TemporaryFolder folder;
  const fs::path output = folder.path() / "out";
  const std::string input = folder.write("long.yaml", one_long_operation);
  EXPECT_EQ(interrupt({"run", input, "--fidelity", "ideal", "-o", output.string(), "--trace", "scalesim:sram",
                       "--trace", "vcd", "--trace", "chrome"},
                      output, milliseconds(3'000)),
            130);
  EXPECT_FALSE(fs::exists(output / "stats.json"));
}

}  // namespace
}  // namespace loopsim
