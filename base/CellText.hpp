#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace loopsim {

/// Columns that a UTF-8 text takes, one a character.
std::size_t text_width(std::string_view text);

/// The text cut to `width` columns ("..." at the end if something is missing), control characters replaced by '?'.
std::string clipped(std::string_view text, std::size_t width);

/// Clipped, then filled with blanks to `width` columns.
std::string left_cell(std::string_view text, std::size_t width);

/// Filled with blanks on the left to `width` columns. Never clipped: half a number would mislead.
std::string right_cell(std::string_view text, std::size_t width);

/// Lines of at most `width` columns, broken at blanks; words that are longer are cut into pieces.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace loopsim
