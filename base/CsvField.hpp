#pragma once

#include <string>
#include <string_view>

namespace loopsim {

/// A field of a table in CSV (RFC 4180: one with a comma, a quote or a line break is quoted, quotes in it are doubled).
/// A text that a spreadsheet would take for a formula begins with an apostrophe; numbers stay as they are.
std::string csv_field(std::string_view text);

}  // namespace loopsim
