#include "trace/EarlierTraces.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <sys/stat.h>

#include "base/TemporaryName.hpp"
#include "trace/TraceFormats.hpp"

namespace loopsim {

namespace fs = std::filesystem;

namespace {

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() > ending.size() && text.substr(text.size() - ending.size()) == ending;
}

/// Folders within that of a run that traces have for themselves.
std::set<std::string_view> trace_folders() {
  std::set<std::string_view> folders;
  for (const TraceFormat& format : trace_formats()) {
    if (!format.files.folder.empty()) folders.insert(format.files.folder);
  }
  return folders;
}

/// Calls `visit` with the folder ("rtl/") and the path of each file of the folder and of those that traces have in it.
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
  for (const std::string_view own : trace_folders()) visit_folder(real / own, std::string(own) + "/");
}

/// Those that `goes` says; a trace's own folder too if nothing else was in it.
template <class Goes>
std::vector<std::string> remove_files(const fs::path& folder, const Goes& goes) {
  std::vector<std::string> removed;
  std::set<std::string> touched;
  std::error_code error;
  for_each_file(folder, [&](const std::string& prefix, const fs::path& path) {
    const std::string name = path.filename();
    if (!goes(prefix, name)) return;
    if (fs::remove(path, error)) removed.push_back(prefix + name);
    if (!prefix.empty()) touched.insert(prefix.substr(0, prefix.size() - 1));
  });
  for (const std::string& own : touched) fs::remove(folder / own, error);
  return removed;
}

}  // namespace

bool is_trace_name(const std::string& name) {
  return std::any_of(trace_formats().begin(), trace_formats().end(), [&](const TraceFormat& format) {
    const TraceFileNames& files = format.files;
    const std::string prefix = files.folder.empty() ? "" : std::string(files.folder) + "/";
    if (name.rfind(prefix, 0) != 0) return false;
    const std::string_view within = std::string_view(name).substr(prefix.size());
    return std::find(files.names.begin(), files.names.end(), within) != files.names.end() ||
           std::any_of(files.endings.begin(), files.endings.end(),
                       [&](std::string_view ending) { return ends_with(within, ending); });
  });
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
