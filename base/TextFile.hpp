#pragma once

#include <memory>
#include <string>

#include "base/Diagnostics.hpp"

namespace loopsim {

/// The text of a file; "-" is the standard input. Nothing and an error if it cannot be read; `missing` tells whether
/// that is because it is not there.
std::shared_ptr<const SourceText> read_text_file(const std::string& path, Diagnostics& diagnostics, bool& missing);

/// The same, but throws MissingInputError or InputError.
std::shared_ptr<const SourceText> read_required_file(const std::string& path);

}  // namespace loopsim
