#pragma once

#include <optional>
#include <string>

#include "validation/ValidationCase.hpp"

namespace loopsim {

/// Kind `looptree`: pairs NAME.yaml and NAME.expected.json of a folder, on the ideal machine. `data` replaces the built
/// in folder. Throws InputError.
ValidationPlan plan_looptree_folder(const ValidationCase& c, const std::optional<std::string>& data);

}  // namespace loopsim
