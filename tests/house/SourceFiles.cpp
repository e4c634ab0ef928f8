#include "tests/house/SourceFiles.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/TestPaths.hpp"

namespace loopsim {

std::vector<SourceFile> source_files() {
  namespace fs = std::filesystem;
  const std::set<std::string> others = {"build", "tests", "benchmarks", "docs", "scripts", "cmake"};
  std::vector<SourceFile> files;
  for (const auto& folder : fs::directory_iterator(source_folder())) {
    const std::string name = folder.path().filename().string();
    if (!folder.is_directory() || name.front() == '.' || others.count(name) > 0) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".cpp" && extension != ".hpp") continue;
      SourceFile file{fs::relative(entry.path(), source_folder()).generic_string(), {}};
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) file.lines.push_back(line);
      files.push_back(std::move(file));
    }
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace loopsim
