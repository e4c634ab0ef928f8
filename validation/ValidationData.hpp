#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/Diagnostics.hpp"

namespace loopsim {

/// A file of validation/ that is built into the program.
struct ValidationFile {
  std::string_view name;  ///< relative to validation/: "cases/looptree.yaml"
  std::string_view text;
};

const std::vector<ValidationFile>& validation_files();

/// The file of that name, or nothing.
std::shared_ptr<const SourceText> validation_file(const std::string& name);

}  // namespace loopsim
