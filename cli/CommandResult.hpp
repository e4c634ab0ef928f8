#pragma once

namespace loopsim {

/// How the program ends, besides its errors.
enum class ExitCode {
  good = 0,
  disagreement = 1,  ///< ran, but something is unexplained, wrong or missed
  usage = 2,
  bad_input = 65,
  missing_input = 66,
  our_fault = 70,
  limit_reached = 75,
  interrupted = 130,
};

/// What a command leaves for the program to end with.
struct CommandResult {
  ExitCode exit_code = ExitCode::good;
};

}  // namespace loopsim
