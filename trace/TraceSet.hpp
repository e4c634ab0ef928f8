#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "trace/TraceRequest.hpp"
#include "trace/sink/Trace.hpp"

namespace loopsim {

/// Who looks after the folder that traces are written to.
struct TraceFolderKeeper {
  virtual ~TraceFolderKeeper() = default;
  /// Before there is any file.
  virtual void before_traces() {}
  /// No trace has refused, and none has a file under its own name yet.
  virtual void traces_begun() {}
  /// The files of one more trace have their names.
  virtual void trace_finished() {}
};

/// All traces of a run: passes on what it is told. The files are complete when the run has ended or was cut.
class TraceSet : public RunObserver {
 public:
  /// `keeper` must live on.
  TraceSet(const std::vector<TraceRequest>& requests, const std::filesystem::path& folder, const TraceLimits& limits,
           TraceFolderKeeper& keeper);

  /// Who else is told what happens; must live on.
  void also_tell(RunObserver& observer) { told_.push_back(&observer); }

  bool empty() const { return traces_.empty(); }
  void operation_checked() override;
  void begin(const ObservedRun& run) override;
  void transfer_issued(const Transfer& transfer, Cycle now) override;
  void transfer_submitted(const Transfer& transfer) override;
  void transfer_completed(const Transfer& transfer, const std::vector<OperationId>& users) override;
  void operation_admitted(StageIndex stage, const TileOperation& operation, int fills, Cycle now) override;
  void operation_started(StageIndex stage, const TileOperation& operation, Cycle now) override;
  void operation_ended(const OperationRecord& record) override;
  void operation_retired(const TileOperation& operation, const Plan& plan, Cycle now) override;
  void words_released(HoldingIndex node, const Place& place, const PointSet& words, Cycle now) override;
  bool wants_steps() const override;
  void steps_taken(StageIndex stage, const StepTrain& train) override;
  void words_held(LevelId level, Words words, Cycle now) override;
  void memory_burst(Picoseconds time, std::int64_t bytes, bool write) override;
  void dram_request(const DramRequestRecord& request) override;
  void dram_command(std::uint32_t channel, const DramCommandRecord& command) override;
  void dram_commands_known(Picoseconds until) override;
  void end(Cycle now) override;

  void cut(Cycle now, const char* reason) override;

  std::vector<std::string> warnings() const;

 private:
  void finish(const TraceEnd& end);

  TraceFolderKeeper* keeper_;
  std::vector<std::unique_ptr<Trace>> traces_;
  std::vector<RunObserver*> told_;  ///< the traces and the others
};

}  // namespace loopsim
