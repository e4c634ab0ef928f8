#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace loopsim::generator {

struct ProgramRun {
  int exit_code = -1;      ///< 128 + the signal's number if one ended it
  double cpu_seconds = 0;  ///< of the program and its children
  std::string output;
  std::string errors;
};

/// Runs `program` in `folder`; ended after a minute of CPU time.
ProgramRun run_in(const std::filesystem::path& folder, const std::filesystem::path& program,
                  const std::vector<std::string>& words);

}  // namespace loopsim::generator
