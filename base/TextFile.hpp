#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/Diagnostics.hpp"

namespace loopsim {

/// What may be read as a file, and how much of it.
struct ReadLimits {
  /// Only a regular file: whoever wrote the name may be a stranger, and devices and pipes may wait for ever or never
  /// end. Else also those, since users have their reasons.
  bool regular = false;
  std::size_t most_bytes = std::size_t(64) << 20;
};

/// The text of a file; "-" is the standard input. Nothing and an error if it cannot be read; `missing` tells whether
/// that is because it is not there.
std::shared_ptr<const SourceText> read_text_file(const std::string& path, Diagnostics& diagnostics, bool& missing,
                                                 const ReadLimits& limits = {});

/// The same, but throws MissingInputError or InputError.
std::shared_ptr<const SourceText> read_required_file(const std::string& path, const ReadLimits& limits = {});

}  // namespace loopsim
