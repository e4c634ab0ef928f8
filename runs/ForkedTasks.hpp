#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace loopsim {

/// How a task in a process of its own ended.
struct ForkedOutcome {
  bool finished = false;
  std::string text;    ///< what the task returned, or how its process ended, such as "signal 11 (Segmentation fault)"
  bool limit = false;  ///< it ended because memory was used up
};

/// Throws LimitError or std::runtime_error, which name the task, unless it has finished.
void require_finished(const ForkedOutcome& outcome, const std::string& name);

/// Work for a child process. An exception that leaves it ends the child like any crash.
using ForkedTask = std::function<std::string()>;

/// Runs each task in a child of this process, at most `jobs` (at least 1) at a time, started in the order given.
/// Outcomes are in that order too, whichever ends first. SystemC elaborates one machine a process, so simulations are
/// tasks, and this process must not have elaborated one. Children end with this process, however it ends. Where
/// the system gives no further process or pipe, fewer run at a time. Throws LimitError if there is none to be had.
std::vector<ForkedOutcome> run_forked_tasks(const std::vector<ForkedTask>& tasks, std::size_t jobs);

}  // namespace loopsim
