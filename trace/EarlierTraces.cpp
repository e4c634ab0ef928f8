#include "trace/EarlierTraces.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <sys/stat.h>

#include "base/TemporaryName.hpp"

namespace loopsim {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 12> names = {
    "trace.pftrace",        "trace.json", "trace.vcd",         "trace.fst",    "trace.gtkw",   "dram.dramsim3.trace",
    "dram.ramulator.trace", "dram.stl",   "dram_commands.csv", "dram_map.csv", "sram_map.csv", "noc_packets.csv"};
constexpr std::array<std::string_view, 4> endings = {"_DRAM_READ_TRACE.csv", "_DRAM_WRITE_TRACE.csv",
                                                     "_SRAM_READ_TRACE.csv", "_SRAM_WRITE_TRACE.csv"};
constexpr const char* kit_folder = "rtl";
constexpr const char* kit_prefix = "rtl/";
constexpr std::array<std::string_view, 3> kit_names = {"check.v", "commands.txt", "memories.csv"};
constexpr std::array<std::string_view, 1> kit_endings = {".hex"};

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() > ending.size() && text.substr(text.size() - ending.size()) == ending;
}

template <class Names, class Endings>
bool is_one_of(const Names& whole, const Endings& parts, std::string_view name) {
  return std::find(whole.begin(), whole.end(), name) != whole.end() ||
         std::any_of(parts.begin(), parts.end(), [&](std::string_view ending) { return ends_with(name, ending); });
}

bool is_trace(std::string_view name) {
  return is_one_of(names, endings, name);
}
bool is_of_kit(std::string_view name) {
  return is_one_of(kit_names, kit_endings, name);
}

/// Calls `visit` with the name and the path of each file of the folder and of its kit.
template <class Visit>
void for_each_file(const fs::path& folder, const Visit& visit) {
  const auto visit_folder = [&](const fs::path& within, const std::string& prefix) {
    std::error_code error;
    if (!fs::is_directory(fs::symlink_status(within, error))) return;
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(within, error)) {
      if (fs::is_regular_file(entry.symlink_status(error))) paths.push_back(entry.path());
    }
    for (const fs::path& path : paths) visit(prefix, path);
  };
  // The folder itself may be a link.
  std::error_code error;
  const fs::path real = fs::canonical(folder, error);
  if (error) return;
  visit_folder(real, "");
  visit_folder(real / kit_folder, kit_prefix);
}

/// Those that `goes` says; the kit's folder too if nothing else was in it.
template <class Goes>
std::vector<std::string> remove_files(const fs::path& folder, const Goes& goes) {
  std::vector<std::string> removed;
  bool kit_touched = false;
  std::error_code error;
  for_each_file(folder, [&](const std::string& prefix, const fs::path& path) {
    const std::string name = path.filename();
    if (!goes(prefix, name)) return;
    if (fs::remove(path, error)) removed.push_back(prefix + name);
    kit_touched = kit_touched || !prefix.empty();
  });
  if (kit_touched) fs::remove(folder / kit_folder, error);
  return removed;
}

}  // namespace

bool is_trace_name(const std::string& name) {
  const std::string prefix = kit_prefix;
  if (name.rfind(prefix, 0) == 0) return is_of_kit(std::string_view(name).substr(prefix.size()));
  return is_trace(name);
}

TraceFiles trace_files(const fs::path& folder) {
  TraceFiles files;
  for_each_file(folder, [&files](const std::string& prefix, const fs::path& path) {
    const std::string name = prefix + path.filename().string();
    struct stat status {};
    if (is_trace_name(name) && stat(path.c_str(), &status) == 0) files[name] = {status.st_dev, status.st_ino};
  });
  return files;
}

std::vector<std::string> new_traces(const TraceFiles& before, const TraceFiles& now) {
  std::vector<std::string> names;
  for (const auto& [name, file] : now) {
    const auto earlier = before.find(name);
    if (earlier == before.end() || earlier->second != file) names.push_back(name);
  }
  return names;
}

std::vector<std::string> remove_earlier_traces(const fs::path& folder, const std::vector<std::string>& listed) {
  std::vector<std::string> removed = remove_files(folder, [&](const std::string& prefix, const std::string& name) {
    return is_trace_name(prefix + name) && std::find(listed.begin(), listed.end(), prefix + name) != listed.end();
  });
  std::sort(removed.begin(), removed.end());
  return removed;
}

void remove_abandoned_traces(const fs::path& folder) {
  remove_files(folder, [](const std::string& prefix, const std::string& name) {
    const auto abandoned = abandoned_name(name);
    return abandoned && is_trace_name(prefix + *abandoned);
  });
}

}  // namespace loopsim
