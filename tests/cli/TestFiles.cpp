#include "tests/cli/TestFiles.hpp"

#include <fstream>
#include <sstream>

#include "tests/TestPaths.hpp"

namespace loopsim {

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string small(const std::string& name) {
  return (source_folder() / "tests/presets_small" / name).string();
}

}  // namespace loopsim
