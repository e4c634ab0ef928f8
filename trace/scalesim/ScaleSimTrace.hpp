#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include "trace/sink/Trace.hpp"

namespace loopsim {

/// Accesses of main memory as SCALE-Sim writes them: for each tensor and direction a CSV whose rows are a cycle and
/// the addresses of the words that are moved.
class ScaleSimTrace : public Trace {
 public:
  ScaleSimTrace(std::filesystem::path folder, TraceLimits limits) : folder_(std::move(folder)), limits_(limits) {}

  void begin(const ObservedRun& run) override;
  void dram_request(const DramRequestRecord& request) override;
  void finish(const TraceEnd& end) override;

 private:
  std::filesystem::path folder_;
  TraceLimits limits_;
  std::optional<ObservedRun> run_;
  std::map<std::pair<TensorId, bool>, LimitedFile> outputs_;  ///< bool: writes
  std::string line_;
};

}  // namespace loopsim
