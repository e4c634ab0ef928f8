#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "validation/ValidationCase.hpp"

namespace loopsim {

struct ValidateOptions {
  std::vector<std::string> cases;   ///< names; none = all
  std::optional<std::string> data;  ///< in place of the data of a case that can take other data
  std::size_t jobs = 1;             ///< simulations at a time
  /// Called when a case begins: its number, from 1, of how many.
  std::function<void(const ValidationCase&, std::size_t, std::size_t)> progress;
};

/// A case and what came out.
struct ValidatedCase {
  ValidationCase described;
  std::vector<ValidationRow> rows;
};

/// Names that are no case's, or data for a case that takes none.
struct ValidationUsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Runs the cases, one after the other, their simulations side by side. `data` without cases chooses the case by what
/// it is: a folder, a CSV of one GEMM or of two. Throws ValidationUsageError, InputError, std::runtime_error if a
/// simulation fails.
std::vector<ValidatedCase> validate(const ValidateOptions& options);

bool all_bars_met(const std::vector<ValidatedCase>& cases);

}  // namespace loopsim
