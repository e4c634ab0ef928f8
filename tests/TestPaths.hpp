#pragma once

#include <filesystem>

namespace loopsim {

/// Root of the sources.
std::filesystem::path source_folder();

/// The program under test.
std::filesystem::path program_path();

}  // namespace loopsim
