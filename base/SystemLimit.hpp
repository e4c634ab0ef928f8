#pragma once

#include <optional>
#include <string>

#include "base/LimitError.hpp"

namespace loopsim {

/// What the system ran out of when it gave the error number `error`, with the limit where it has one that can be set:
/// "open files (ulimit -n: 64)"; nothing if the error is of another kind. A process that cannot be started is `EAGAIN`.
std::optional<std::string> exhausted(int error);

/// "out of memory (ulimit -v: 400000 KiB)". Takes no memory while it is said.
const char* out_of_memory_text() noexcept;

/// Throws LimitError if the error number is one of a limit: `what` is what could not be done.
void throw_if_exhausted(const std::string& what, int error);

}  // namespace loopsim
