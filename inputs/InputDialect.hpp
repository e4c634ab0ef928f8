#pragma once

#include <string_view>

#include "base/Diagnostics.hpp"
#include "base/Document.hpp"

namespace loopsim {

/// Reports inputs that are written for a neighbouring tool in a way that is not read, by name: single-layer problems
/// and mappings of Timeloop, TileFlow, Orojenesis, AccelForge, ZigZag, Stream, MAESTRO, and our own results. Returns
/// whether that is so.
bool report_foreign_dialect(const DocumentNode& document, Diagnostics& diagnostics);

/// Whether some top-level key is unknown and looks like this one.
bool is_misspelt_at_top(const DocumentNode& merged, std::string_view key);

/// Reports top-level keys that mean nothing here: errors, or warnings where they are known and harmless.
void check_top_level_keys(const DocumentNode& merged, Diagnostics& diagnostics);

}  // namespace loopsim
