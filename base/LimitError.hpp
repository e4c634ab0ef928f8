#pragma once

#include <stdexcept>

namespace loopsim {

/// The work asked for is beyond what the program or the system takes on. Exit code 75.
struct LimitError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace loopsim
