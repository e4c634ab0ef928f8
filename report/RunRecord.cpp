#include "report/RunRecord.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/TextFile.hpp"

namespace loopsim {

namespace fs = std::filesystem;

namespace {

/// The account may be a stranger's: nothing outside of the folder.
bool is_within(const fs::path& file) {
  return !file.empty() && file.is_relative() &&
         std::none_of(file.begin(), file.end(), [](const fs::path& part) { return part == ".." || part == "."; });
}

}  // namespace

std::vector<std::string> files_of_earlier_run(const fs::path& folder) {
  Diagnostics ignored;
  bool missing = false;
  const auto source = read_text_file((folder / "host.json").string(), ignored, missing, {true, std::size_t(64) << 20});
  if (!source) return {};
  const auto document = nlohmann::json::parse(source->text, nullptr, false);
  if (!document.is_object() || !document.contains("command_line") || !document.contains("files")) return {};
  std::vector<std::string> files;
  if (!document["files"].is_array()) return files;
  for (const auto& file : document["files"]) {
    if (file.is_string() && is_within(file.get<std::string>())) files.push_back(file.get<std::string>());
  }
  return files;
}

}  // namespace loopsim
