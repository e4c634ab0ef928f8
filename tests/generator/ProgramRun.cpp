#include "tests/generator/ProgramRun.hpp"

#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace loopsim::generator {

namespace {

constexpr rlim_t most_cpu_seconds = 60;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void redirect(const char* path, int descriptor) {
  dup2(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600), descriptor);
}

}  // namespace

ProgramRun run_in(const std::filesystem::path& folder, const std::filesystem::path& program,
                  const std::vector<std::string>& words) {
  std::string name = program.string();
  std::vector<std::string> copies = words;
  std::vector<char*> argv = {name.data()};
  for (std::string& word : copies) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    if (chdir(folder.c_str()) != 0) _exit(127);
    redirect(".output", STDOUT_FILENO);
    redirect(".errors", STDERR_FILENO);
    const rlimit limit{most_cpu_seconds, most_cpu_seconds};
    setrlimit(RLIMIT_CPU, &limit);
    execv(name.c_str(), argv.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) throw std::runtime_error("cannot wait for the program");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          seconds(usage.ru_utime) + seconds(usage.ru_stime), text_of(folder / ".output"), text_of(folder / ".errors")};
}

}  // namespace loopsim::generator
