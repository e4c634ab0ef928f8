#include "cli/Failure.hpp"

#include <exception>
#include <fmt/format.h>

#include "base/Diagnostics.hpp"
#include "cli/Terminal.hpp"
#include "sim/Simulate.hpp"
#include "sim/functional/LimitError.hpp"

namespace loopsim {
namespace {

Failure limit_reached(const std::exception& error) {
  return {ExitCode::limit_reached, fmt::format("error: {}\n", error.what())};
}

}  // namespace

Failure current_failure() {
  try {
    throw;
  } catch (const MissingInputError& error) {
    return {ExitCode::missing_input, render_all(error.diagnostics.all(), colour_on_stderr())};
  } catch (const InputError& error) {
    return {ExitCode::bad_input, render_all(error.diagnostics.all(), colour_on_stderr())};
  } catch (const DeadlockError& error) {
    return limit_reached(error);
  } catch (const InterruptedError&) {
    return {ExitCode::interrupted, ""};
  } catch (const LimitError& error) {
    return limit_reached(error);
  } catch (const std::exception& error) {
    return {ExitCode::our_fault,
            fmt::format("internal error: {}\nThis is a fault of loopsim; please report it with the inputs.\n",
                        error.what())};
  }
}

}  // namespace loopsim
