#include "trace/EarlierTraces.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <string_view>

namespace loopsim {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 12> names = {
    "trace.pftrace",        "trace.json", "trace.vcd",         "trace.fst",    "trace.gtkw",   "dram.dramsim3.trace",
    "dram.ramulator.trace", "dram.stl",   "dram_commands.csv", "dram_map.csv", "sram_map.csv", "noc_packets.csv"};
constexpr std::array<std::string_view, 4> endings = {"_DRAM_READ_TRACE.csv", "_DRAM_WRITE_TRACE.csv",
                                                     "_SRAM_READ_TRACE.csv", "_SRAM_WRITE_TRACE.csv"};
/// In the folder `rtl`.
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

using IsTrace = bool (*)(std::string_view name);
bool is_trace(std::string_view name) {
  return is_one_of(names, endings, name);
}
bool is_of_kit(std::string_view name) {
  return is_one_of(kit_names, kit_endings, name);
}

/// ".NAME.PROCESS.tmp" (TraceFile) of a process that is no more.
bool is_abandoned(std::string_view name, IsTrace is_trace) {
  constexpr std::string_view ending = ".tmp";
  if (name.empty() || name.front() != '.' || !ends_with(name, ending)) return false;
  name = name.substr(1, name.size() - 1 - ending.size());
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || !is_trace(name.substr(0, dot))) return false;
  pid_t process = 0;
  const auto [end, error] = std::from_chars(name.data() + dot + 1, name.data() + name.size(), process);
  if (error != std::errc() || end != name.data() + name.size() || process <= 0) return false;
  return kill(process, 0) != 0 && errno == ESRCH;
}

/// Adds the names to `removed`, behind `prefix`.
void remove_traces(const fs::path& folder, IsTrace is_trace, const std::string& prefix,
                   std::vector<std::string>& removed) {
  std::error_code none;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder, none)) paths.push_back(entry.path());
  for (const fs::path& path : paths) {
    const std::string name = path.filename();
    std::error_code error;
    if (!fs::is_regular_file(path, error)) continue;
    if (is_trace(name) && fs::remove(path, error)) removed.push_back(prefix + name);
    if (is_abandoned(name, is_trace)) fs::remove(path, error);
  }
}

}  // namespace

std::vector<std::string> remove_earlier_traces(const fs::path& folder) {
  std::vector<std::string> removed;
  remove_traces(folder, is_trace, "", removed);
  const fs::path kit = folder / "rtl";
  std::error_code none;
  if (fs::exists(kit / "check.v", none)) {
    remove_traces(kit, is_of_kit, "rtl/", removed);
    fs::remove(kit, none);  // if nothing else is in it
  }
  std::sort(removed.begin(), removed.end());
  return removed;
}

}  // namespace loopsim
