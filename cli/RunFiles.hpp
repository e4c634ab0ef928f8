#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "runs/FolderLock.hpp"
#include "trace/EarlierTraces.hpp"
#include "trace/TraceSet.hpp"

namespace loopsim {

/// What a run has in its output folder: a folder never mixes runs.
class RunFiles : public TraceFolderKeeper {
 public:
  /// Before the work: throws InputError if the files cannot be written, if they are inputs, or if another run has the
  /// folder. Nothing is written or removed but what runs that were ended at once have left half written.
  void prepare(const std::filesystem::path& folder, const std::vector<std::string>& files,
               const std::vector<std::filesystem::path>& inputs);

  void traces_begun() override;
  void trace_finished() override;

  /// Whether traces of this run are, or come, in the place of the earlier run's.
  bool replaces_earlier_run() const { return replaces_; }
  /// Removes the earlier run's traces, once.
  void remove_earlier_run();
  /// Notes on standard error about what was removed and not written again.
  void show_removed() const;
  /// stats.json, stats.csv and resolved.yaml of an earlier run are not about the traces of this one, which was cut.
  void remove_results();

  FolderLock& lock() { return lock_; }
  /// Of this run.
  const std::vector<std::string>& traces() const { return traces_; }

  /// What writes host.json when a trace is complete, so that it lists the trace whatever becomes of the run.
  std::function<void()> on_trace;

 private:
  std::filesystem::path folder_;
  FolderLock lock_;
  bool replaces_ = false;
  TraceFiles before_;
  std::vector<std::string> removed_;
  std::vector<std::string> traces_;
};

}  // namespace loopsim
