#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runs/FolderLock.hpp"

namespace loopsim {

struct OutputFile {
  std::string name;
  std::string text;
};

/// Finds out, before the work is done, whether `write_output` will be able to write files of these names into the
/// folder. Leaves nothing behind. With a lock, a folder that is there is kept for this run, or refused if another run
/// has it. Throws InputError.
void check_output(const std::filesystem::path& folder, const std::vector<std::string>& names,
                  FolderLock* lock = nullptr);

/// None of these files may be written: what is in them is an input. Throws InputError if one is `folder / name`,
/// whatever it is called.
void protect_inputs(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& folder,
                    const std::vector<std::string>& names);

/// Writes all files into the folder, which is created if need be: each under another name first, then all are renamed,
/// so that a reader never sees half a file and a failure leaves what was there before. An interrupt (SIGINT, SIGTERM)
/// takes effect afterwards. What processes that were ended at once have left half written under such names is removed.
/// Waits while another run writes into the folder. Throws InputError.
void write_output(const std::filesystem::path& folder, const std::vector<OutputFile>& files,
                  FolderLock* lock = nullptr);

}  // namespace loopsim
