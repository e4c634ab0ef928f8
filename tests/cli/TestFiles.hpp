#pragma once

#include <filesystem>
#include <string>

namespace loopsim {

/// All of a file; empty if it cannot be read.
std::string text_of(const std::filesystem::path& path);

/// A file of tests/presets_small.
std::string small(const std::string& name);

}  // namespace loopsim
