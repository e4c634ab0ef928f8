#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace loopsim {

struct OutputFile {
  std::string name;
  std::string text;
};

/// Finds out, before the work is done, whether `write_output` will be able to write files of these names into the
/// folder. Leaves nothing behind. Throws InputError.
void check_output(const std::filesystem::path& folder, const std::vector<std::string>& names);

/// Writes all files into the folder, which is created if need be: each under another name first, then all are renamed,
/// so that a reader never sees half a file and a failure leaves what was there before. An interrupt (SIGINT, SIGTERM)
/// takes effect afterwards. Throws InputError.
void write_output(const std::filesystem::path& folder, const std::vector<OutputFile>& files);

}  // namespace loopsim
