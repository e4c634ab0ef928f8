#include "tests/support/ForkedRun.hpp"

#include <cerrno>
#include <cstdio>
#include <poll.h>
#include <signal.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "base/Diagnostics.hpp"

namespace loopsim {

namespace {

/// The first character sent tells returned from thrown.
constexpr char returned = 'r';
constexpr char threw = 't';

std::string outcome_of(const std::function<std::string()>& work) {
  try {
    return returned + work();
  } catch (const InputError& error) {
    return threw + std::string("threw InputError:\n") + render_all(error.diagnostics.all());
  } catch (const std::exception& error) {
    return threw + std::string("threw: ") + error.what();
  }
}

[[noreturn]] void run_child(int out, const std::function<std::string()>& work) {
  const std::string text = outcome_of(work);
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t n = write(out, text.data() + sent, text.size() - sent);
    if (n < 0 && errno != EINTR) break;
    if (n > 0) sent += static_cast<std::size_t>(n);
  }
  std::fflush(nullptr);
  _exit(sent == text.size() ? 0 : 1);  // no destructors: the parent owns everything the child has copied
}

/// All that comes until the other end closes; false when the time is over first.
bool read_all(int in, std::chrono::steady_clock::time_point deadline, std::string& text) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{in, POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(left.count())) <= 0) continue;
    char buffer[4096];
    const ssize_t n = read(in, buffer, sizeof buffer);
    if (n == 0) return true;
    if (n > 0) text.append(buffer, static_cast<std::size_t>(n));
  }
}

}  // namespace

ForkedResult run_forked(const std::function<std::string()>& work, std::chrono::seconds limit) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child process");
  if (child == 0) {
    close(ends[0]);
    run_child(ends[1], work);
  }
  close(ends[1]);
  std::string text;
  const bool in_time = read_all(ends[0], std::chrono::steady_clock::now() + limit, text);
  close(ends[0]);
  if (!in_time) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!in_time) return {false, "no end after " + std::to_string(limit.count()) + " s"};
  if (WIFSIGNALED(status)) return {false, "signal " + std::to_string(WTERMSIG(status))};
  if (WEXITSTATUS(status) != 0 || text.empty()) return {false, "exit code " + std::to_string(WEXITSTATUS(status))};
  return {text.front() == returned, text.substr(1)};
}

}  // namespace loopsim
