#pragma once

#include <string>

#include "cli/CommandResult.hpp"

namespace loopsim {

/// How the program ends because of an exception.
struct Failure {
  ExitCode exit_code = ExitCode::our_fault;
  std::string message;  ///< for standard error, whole lines
};

/// What the exception that is being handled means to the user. Call it in a handler.
Failure current_failure();

}  // namespace loopsim
