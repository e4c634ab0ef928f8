#include "runs/ForkedTasks.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <iostream>
#include <new>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "base/SystemLimit.hpp"

namespace loopsim {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// The exit code of a child whose task has run into a limit.
constexpr int out_of_memory_code = 75;

/// Runs the task and leaves without destructors: the parent owns everything that the child has a copy of.
[[noreturn]] void be_child(int out, pid_t parent, const ForkedTask& task) noexcept {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it ended before it could be watched
  std::string text;
  try {
    text = task();
  } catch (const std::bad_alloc&) {
    _exit(out_of_memory_code);
  } catch (const LimitError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    _exit(out_of_memory_code);
  }
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t written = write(out, text.data() + sent, text.size() - sent);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) _exit(1);
    sent += static_cast<std::size_t>(written);
  }
  _exit(0);
}

/// One running child and the end of the pipe on which its text arrives.
struct Child {
  std::size_t task = 0;
  pid_t process = 0;
  int in = -1;
  std::string text;
};

int wait_for(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) fail("cannot wait for a child process");
  }
  return status;
}

ForkedOutcome outcome_of(Child&& child) {
  const int status = wait_for(child.process);
  if (WIFSIGNALED(status)) {
    // Nobody but the system kills a child, and it does so when there is no memory left.
    const bool killed = WTERMSIG(status) == SIGKILL;
    return {false,
            fmt::format("signal {} ({}){}", WTERMSIG(status), strsignal(WTERMSIG(status)),
                        killed ? "; the memory of the system may be used up" : ""),
            killed};
  }
  if (WEXITSTATUS(status) == out_of_memory_code) {
    return {false, fmt::format("exit code {}: {}", out_of_memory_code, out_of_memory_text()), true};
  }
  if (WEXITSTATUS(status) != 0) return {false, fmt::format("exit code {}", WEXITSTATUS(status)), false};
  return {true, std::move(child.text), false};
}

/// The children that run now; those left when this goes are ended.
class Children {
 public:
  Children() = default;
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;
  ~Children() {
    for (const Child& child : running_) {
      close(child.in);
      kill(child.process, SIGKILL);
      while (waitpid(child.process, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
  }

  std::size_t size() const { return running_.size(); }

  /// False if the system has no pipe or process to give now, but may have one when a child has ended.
  bool start(std::size_t index, const ForkedTask& task) {
    int ends[2];
    if (pipe(ends) != 0) return refused("cannot open a pipe");
    const pid_t parent = getpid();
    const pid_t process = fork();
    if (process < 0) {
      const int error = errno;
      close(ends[0]);
      close(ends[1]);
      errno = error;
      return refused("cannot start a process");
    }
    if (process == 0) {
      close(ends[0]);
      be_child(ends[1], parent, task);
    }
    close(ends[1]);
    running_.push_back({index, process, ends[0], {}});
    return true;
  }

  /// Waits until something arrives; of the children that have ended then, fills in the outcomes.
  void collect(std::vector<ForkedOutcome>& outcomes) {
    std::vector<pollfd> waiting;
    for (const Child& child : running_) waiting.push_back({child.in, POLLIN, 0});
    if (poll(waiting.data(), waiting.size(), -1) < 0) {
      if (errno == EINTR) return;
      fail("cannot wait for child processes");
    }
    std::vector<Child> still_running;
    for (std::size_t i = 0; i < running_.size(); ++i) {
      Child& child = running_[i];
      if (waiting[i].revents == 0 || read_some(child)) {
        still_running.push_back(std::move(child));
        continue;
      }
      close(child.in);
      const std::size_t task = child.task;
      outcomes[task] = outcome_of(std::move(child));
    }
    running_ = std::move(still_running);
  }

 private:
  bool refused(const char* what) const {
    const int error = errno;
    if (exhausted(error) && !running_.empty()) return false;
    throw_if_exhausted(what, error);
    errno = error;
    fail(what);
  }

  /// False at the end of the text.
  static bool read_some(Child& child) {
    char buffer[65'536];
    const ssize_t got = read(child.in, buffer, sizeof buffer);
    if (got < 0) return errno == EINTR;
    child.text.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }

  std::vector<Child> running_;
};

}  // namespace

void require_finished(const ForkedOutcome& outcome, const std::string& name) {
  if (outcome.finished) return;
  const std::string text = fmt::format("{}: its process ended with {}", name, outcome.text);
  if (outcome.limit) throw LimitError(text);
  throw std::runtime_error(text);
}

std::vector<ForkedOutcome> run_forked_tasks(const std::vector<ForkedTask>& tasks, std::size_t jobs) {
  // What is buffered would be written again by a child whose buffer overflows.
  std::cout.flush();
  std::fflush(nullptr);
  std::vector<ForkedOutcome> outcomes(tasks.size());
  Children children;
  for (std::size_t next = 0; next < tasks.size() || children.size() > 0;) {
    if (next < tasks.size() && children.size() < std::max<std::size_t>(jobs, 1)) {
      if (children.start(next, tasks[next])) {
        ++next;
      } else {
        jobs = children.size();
      }
    } else {
      children.collect(outcomes);
    }
  }
  return outcomes;
}

}  // namespace loopsim
