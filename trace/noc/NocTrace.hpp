#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "trace/sink/Trace.hpp"

namespace loopsim {

/// The packets between the memories outside the array and the PEs: noc_packets.csv. Packets of equal steps at equal
/// distances are one line, so the file grows with what differs and not with cycles.
class NocTrace : public Trace {
 public:
  NocTrace(std::filesystem::path folder, TraceLimits limits) : folder_(std::move(folder)), limits_(limits) {}

  void begin(const ObservedRun& run) override;
  void operation_started(StageIndex stage, const TileOperation& operation, Cycle now) override;
  bool wants_steps() const override { return true; }
  void steps_taken(StageIndex stage, const StepTrain& train) override;
  void finish(const TraceEnd& end) override;

 private:
  /// What a stage executes.
  struct Operation {
    LeafIndex leaf = 0;
    std::string columns;  ///< of the file: einsum, stage, tile
  };
  /// The columns of a packet between those of its train and of its operation, but for the tensor's name.
  struct PacketText {
    std::size_t operand = 0;
    std::int64_t count = 1;  ///< of a step
    std::string columns;
  };
  const std::vector<PacketText>& packets_of(LoadId load);

  std::filesystem::path folder_;
  TraceLimits limits_;
  std::optional<ObservedRun> run_;
  LimitedFile output_;
  std::vector<Operation> operations_;                          ///< by stage
  std::vector<std::vector<std::string>> tensors_;              ///< names as fields, by leaf and operand
  std::vector<std::optional<std::vector<PacketText>>> loads_;  ///< by number
  std::string line_;
};

}  // namespace loopsim
