#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "runs/ForkedTasks.hpp"

namespace loopsim {

/// What a task in a process of its own says: the work's answer, or its error and whether the inputs were to blame.
std::string answer_text(const std::function<nlohmann::ordered_json()>& work);

/// The answer of the task called `name`. Throws InputError if its inputs have errors or its mapping does not fit the
/// machine, LimitError if a limit was reached, std::runtime_error for other errors, each with that name.
nlohmann::ordered_json answer_of(const ForkedOutcome& outcome, const std::string& name);

}  // namespace loopsim
