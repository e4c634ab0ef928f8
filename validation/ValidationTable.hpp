#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "validation/Validate.hpp"

namespace loopsim {

/// Where a case has many rows of a metric, they are one line: how many, the worst, how many missed; missed ones follow.
std::string validation_table(const std::vector<ValidatedCase>& cases);

/// `[{case, row, metric, published, estimate, simulation, error, bar, verdict}]`: every row. `error` is a signed
/// fraction; what a row does not have is null.
nlohmann::ordered_json validation_json(const std::vector<ValidatedCase>& cases);

/// A case's part of docs/validation.md.
std::string validation_section(const ValidatedCase& c);

/// docs/validation.md.
std::string validation_page(const std::vector<ValidatedCase>& cases);

}  // namespace loopsim
