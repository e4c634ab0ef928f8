#pragma once

#include <map>
#include <memory>
#include <unordered_map>

#include "sim/observe/RunObserver.hpp"
#include "sim/pe_array/ArrayCore.hpp"
#include "sim/pe_array/ArrayExecutor.hpp"
#include "sim/pe_array/ArrayPlacement.hpp"
#include "sim/ports/MemoryPorts.hpp"

namespace loopsim {

/// The partition of the PE array that one stage owns: executes tile operations against the ports of the memories. Plain
/// C++ on integer time.
class ArrayUnit : public ArrayCore, private StepTrainSink {
 public:
  /// What the machine gives to each partition.
  struct Surroundings {
    const MemoryPorts* ports = nullptr;
    PortCore* core = nullptr;
    ArrayNetwork* network = nullptr;  ///< null where the bus carries what it would
    Clock clock{1};
    RunObserver* observer = nullptr;  ///< told of the steps, if there is one
  };
  ArrayUnit(const BoundTree& tree, const Schedule& schedule, StageIndex stage, ArrayPlacement placement,
            const Surroundings& surroundings);

  const ArrayOutcome& execute(const TileOperation& operation, Picoseconds now) override;
  bool advance(Picoseconds now) override;
  std::optional<Picoseconds> next_event() const override { return next_; }
  ArraySpent spent() const override;
  void report_steps() override;

 private:
  /// A kind of tile operation, prepared for the port core.
  struct PreparedJob {
    std::shared_ptr<StepJob> steps;
    Cycle operand_delay;
    Cycle result_delay;
  };
  struct PreparedStep {
    StepId id;
    Cycle operand_delay;
    Cycle result_delay;
  };
  const PreparedJob& prepared(const ArrayOutcome& outcome, LeafIndex leaf);
  const PreparedStep& prepared(const ArrayStep& step, LeafIndex leaf);
  void steps_taken(const StepTrain& train) override;

  StageIndex stage_;
  ArrayPlacement placement_;
  Surroundings around_;
  Cycle operation_overhead_;
  bool reduces_;  ///< sums of several PEs take time, and no network adds them
  UserIndex user_;
  std::map<LeafIndex, ArrayExecutor> executors_;
  // By what an executor has handed out, which lives as long as it does.
  std::unordered_map<const ArrayOutcome*, PreparedJob> jobs_;
  std::unordered_map<const ArrayStep*, PreparedStep> steps_;
  Cycle operand_delay_;  ///< of the present operation
  Cycle result_delay_;
  bool after_steps_ = false;
  std::optional<Picoseconds> next_;
  std::optional<StepTrain> train_;  ///< not yet reported: more may follow
};

}  // namespace loopsim
