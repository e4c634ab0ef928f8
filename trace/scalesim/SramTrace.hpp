#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/pe_array/StepWords.hpp"
#include "trace/sink/Trace.hpp"

namespace loopsim {

/// What the array takes from level 1 and puts there, as SCALE-Sim writes it: for each tensor and direction a CSV whose
/// rows are a cycle and the words of a step. Between the calls it keeps when the steps of the operations at hand began,
/// not the steps.
class SramTrace : public Trace {
 public:
  SramTrace(std::filesystem::path folder, TraceLimits limits) : folder_(std::move(folder)), limits_(limits) {}

  void begin(const ObservedRun& run) override;
  bool wants_steps() const override { return true; }
  void steps_taken(StageIndex stage, const StepTrain& train) override;
  void operation_ended(const OperationRecord& record) override;
  void finish(const TraceEnd& end) override;

 private:
  void write(TensorId tensor, bool write, const std::vector<std::int64_t>& words, std::int64_t first, Cycle now);
  void write_map() const;

  std::filesystem::path folder_;
  TraceLimits limits_;
  std::optional<ObservedRun> run_;
  std::vector<std::vector<StepTrain>> trains_;                ///< by stage, of the operation that it executes
  std::vector<std::unique_ptr<StepWords>> step_words_;        ///< by leaf
  std::map<std::pair<TensorId, bool>, LimitedFile> outputs_;  ///< bool: writes
  std::string line_;
};

}  // namespace loopsim
