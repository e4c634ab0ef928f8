#include "tests/cli/RunProgram.hpp"

#include <fcntl.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/TestFiles.hpp"

namespace loopsim {

namespace {

void redirect(const std::string& path, int descriptor) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  dup2(file, descriptor);
}

/// `prepare` is called in the child before it becomes the program.
template <class Prepare>
ProgramOutcome run_prepared(const std::vector<std::string>& arguments, Prepare prepare) {
  const TemporaryFolder folder;
  const std::string output = (folder.path() / "output").string();
  const std::string errors = (folder.path() / "errors").string();
  std::string program = program_path().string();
  std::vector<std::string> words = arguments;
  std::vector<char*> argv = {program.data()};
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    redirect(output, STDOUT_FILENO);
    redirect(errors, STDERR_FILENO);
    prepare();
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("cannot wait for the program");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text_of(output), text_of(errors)};
}

}  // namespace

ProgramOutcome run_program(const std::vector<std::string>& arguments,
                           const std::map<std::string, std::string>& environment) {
  return run_prepared(arguments, [&] {
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  });
}

ProgramOutcome run_program_within(int resource, std::uint64_t limit, const std::vector<std::string>& arguments) {
  return run_prepared(arguments, [&] {
    const rlimit both{limit, limit};
    setrlimit(static_cast<__rlimit_resource_t>(resource), &both);
  });
}

}  // namespace loopsim
