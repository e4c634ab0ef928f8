#include "cli/RunFiles.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/Diagnostics.hpp"
#include "cli/Terminal.hpp"
#include "report/CaseFiles.hpp"
#include "report/RunRecord.hpp"
#include "runs/OutputFolder.hpp"

namespace loopsim {

namespace fs = std::filesystem;

namespace {

/// Names of traces that an input has within the folder: these are made as the run goes.
std::vector<std::string> traces_among(const std::vector<fs::path>& inputs) {
  std::vector<std::string> names;
  for (const fs::path& input : inputs) {
    std::error_code error;
    for (const fs::path& path : {input, fs::canonical(input, error)}) {
      const std::string name = path.filename();
      for (const std::string& within : {name, "rtl/" + name}) {
        if (is_trace_name(within)) names.push_back(within);
      }
    }
  }
  return names;
}

}  // namespace

void RunFiles::prepare(const fs::path& folder, const std::vector<std::string>& files,
                       const std::vector<fs::path>& inputs) {
  folder_ = folder;
  check_output(folder_, files, &lock_);
  protect_inputs(inputs, folder_, files);
  protect_inputs(inputs, folder_, traces_among(inputs));
  remove_abandoned_traces(folder_);
}

void RunFiles::traces_begun() {
  // Where there was no folder before, another run may have been as fast.
  check_output(folder_, {}, &lock_);
  remove_earlier_run();
  before_ = trace_files(folder_);
}

void RunFiles::trace_finished() {
  traces_ = new_traces(before_, trace_files(folder_));
  if (on_trace) on_trace();
}

void RunFiles::remove_earlier_run() {
  if (replaces_) return;
  replaces_ = true;
  lock_.take(folder_);
  removed_ = remove_earlier_traces(folder_, files_of_earlier_run(folder_));
}

void RunFiles::show_removed() const {
  Diagnostics diagnostics;
  for (const std::string& name : removed_) {
    if (fs::exists(folder_ / name)) continue;
    diagnostics.note({}, fmt::format("removed '{}' of an earlier run", (folder_ / name).string()));
  }
  print_diagnostics(diagnostics.all());
}

void RunFiles::remove_results() {
  std::error_code ignored;
  for (const std::string& name : case_file_names()) {
    if (name != "host.json") fs::remove(folder_ / name, ignored);
  }
}

}  // namespace loopsim
