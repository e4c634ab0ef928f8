#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace loopsim {

/// How work in a child process ended.
struct ForkedResult {
  bool finished = false;
  std::string text;  ///< what the work returned, or how it died: "threw …", "signal 11", "no end after 60 s"
};

/// Runs `work` in a child process: SystemC elaborates one machine a process, and a crash or an endless loop in the work
/// becomes a result. What it prints goes where the parent's output goes. An InputError is rendered in full.
ForkedResult run_forked(const std::function<std::string()>& work,
                        std::chrono::seconds limit = std::chrono::seconds(60));

}  // namespace loopsim
