#pragma once

#include <string>
#include <vector>

#include "base/Diagnostics.hpp"
#include "base/Document.hpp"

namespace loopsim {

/// Joins the maps of several files by top-level key. `simulation` and `bindings` are joined leaf by leaf. A key (there:
/// a leaf) that two files give is an error naming both.
DocumentNodePtr merge_documents(const std::vector<DocumentNodePtr>& documents, Diagnostics& diagnostics);

/// Whether it has the form PATH=VALUE; an error if not.
bool check_override(const std::string& assignment, Diagnostics& diagnostics);

/// The document with the value at a path replaced, `PATH=VALUE`. Elements of lists are named by their `name`, that of
/// their `shape`, or their position; lists of components are searched with everything inside. Keys that are missing are
/// added. Nothing changes when an error is reported.
DocumentNodePtr apply_override(const DocumentNodePtr& document, const std::string& assignment,
                               Diagnostics& diagnostics);

}  // namespace loopsim
