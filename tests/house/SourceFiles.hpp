#pragma once

#include <string>
#include <vector>

namespace loopsim {

struct SourceFile {
  std::string path;  ///< from the root of the sources
  std::vector<std::string> lines;
};

/// The program's own, without tests and benchmarks, in the order of their paths.
std::vector<SourceFile> source_files();

}  // namespace loopsim
