#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/Document.hpp"
#include "base/DocumentReader.hpp"
#include "runs/ForkedTasks.hpp"
#include "validation/ValidationRow.hpp"

namespace loopsim {

/// A file of validation/cases: what every kind of case says, and the document with what only its kind says.
struct ValidationCase {
  std::string name;
  std::string title;
  std::string kind;
  std::string source;      ///< of the published figures
  std::string compared;    ///< what with what
  std::string assumption;  ///< that a published figure rests on; empty = none
  std::string calibrated;  ///< which of our parameters come from the published figures; empty = none
  std::string conclusion;  ///< what to learn from it; empty = nothing
  bool across = false;     ///< tables have a line for each row and a column for each metric; for cases without bars
  DocumentNodePtr document;
};

/// All cases that are built in, in the order in which they are run. Throws InputError if one of them is not as it
/// should be.
std::vector<ValidationCase> validation_cases();
ValidationCase read_validation_case(const std::shared_ptr<const SourceText>& source, Diagnostics& diagnostics);

/// What a case is going to do: simulations for processes of their own, and what to make of their results.
struct ValidationPlan {
  std::vector<ForkedTask> tasks;
  std::function<std::vector<ValidationRow>(const std::vector<ForkedOutcome>&)> rows;
};

/// Reads `exact`, or `{within: 0.02}`, `{at_least: 5}`, `{at_most: 1}`, `{low: 1, high: 2}`. Nothing there = no bar.
Bar read_bar(const DocumentNodePtr& node, Diagnostics& diagnostics);

/// Reads the keys that every case has, so that a reader of its kind knows them.
void accept_common_keys(MapReader& reader);

/// Calls `read` with each item of a list that must be there.
void for_each_item(MapReader& reader, const char* key, Diagnostics& diagnostics,
                   const std::function<void(const DocumentNode&)>& read);

/// Throws InputError if there are errors.
void throw_errors(const Diagnostics& diagnostics);

}  // namespace loopsim
