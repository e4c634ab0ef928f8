#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace loopsim {

struct ProgramOutcome {
  int exit_code = -1;  ///< 128 + the signal's number if one ended it
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
};

/// Runs the program under test as a user would, with these variables added to the environment.
ProgramOutcome run_program(const std::vector<std::string>& arguments,
                           const std::map<std::string, std::string>& environment = {});

/// The same with a resource of the system limited (RLIMIT_AS in bytes, RLIMIT_NOFILE, …).
ProgramOutcome run_program_within(int resource, std::uint64_t limit, const std::vector<std::string>& arguments);

}  // namespace loopsim
