#include "cli/Failure.hpp"

#include <exception>
#include <fmt/format.h>
#include <new>
#include <stdexcept>
#include <system_error>

#include "base/Diagnostics.hpp"
#include "base/LimitError.hpp"
#include "base/SystemLimit.hpp"
#include "cli/Terminal.hpp"
#include "sim/machine/Simulate.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {
namespace {

Failure limit_reached(const std::exception& error) {
  return {ExitCode::limit_reached, fmt::format("error: {}\n", error.what())};
}

Failure out_of_memory() {
  return {ExitCode::limit_reached, std::string("error: ") + out_of_memory_text() + "\n"};
}

Failure our_fault(const std::exception& error) {
  return {
      ExitCode::our_fault,
      fmt::format("internal error: {}\nThis is a fault of loopsim; please report it with the inputs.\n", error.what())};
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
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  } catch (const std::length_error&) {  // a container of more items than there are addresses
    return out_of_memory();
  } catch (const std::system_error& error) {
    if (const auto limit = exhausted(error.code().value())) {
      return {ExitCode::limit_reached, fmt::format("error: {}; the limit is that of {}\n", error.what(), *limit)};
    }
    return our_fault(error);
  } catch (const std::exception& error) {
    return our_fault(error);
  }
}

}  // namespace loopsim
