#pragma once

#include <optional>
#include <vector>

#include "arch/dram/DramConstraint.hpp"
#include "mapping/BoundTree.hpp"
#include "sim/attribution/StepSpent.hpp"
#include "sim/buffers/HoldingNode.hpp"
#include "sim/buffers/Plan.hpp"
#include "sim/buffers/Transfer.hpp"
#include "sim/time/Clock.hpp"

namespace loopsim {

class ArrayNetwork;
struct DramCommandRecord;
struct ObservedDram;
struct StepTrain;

/// What a run consists of. Pointers are valid until end() or cut() returns.
struct ObservedRun {
  const BoundTree* tree = nullptr;
  const Schedule* schedule = nullptr;
  const std::vector<HoldingNode>* nodes = nullptr;
  Clock clock;
  const ObservedDram* dram = nullptr;     ///< null below the rung `dram`
  const ArrayNetwork* network = nullptr;  ///< null below the rung `noc`
};

/// One of its einsum's tile operations, in the order of execution.
struct OperationId {
  LeafIndex leaf = 0;
  std::int64_t number = 0;
};

/// A tile operation whose array has ended.
struct OperationRecord {
  StageIndex stage = 0;
  const TileOperation* operation = nullptr;
  Cycle start;
  Cycle end;  ///< of the array; results are there `operation_latency` later
  std::int64_t steps = 0;
  std::int64_t operations = 0;
  StepSpent spent;  ///< cycles from start to end
};

/// A burst that a controller of main memory has accepted.
struct DramRequestRecord {
  Picoseconds time;
  DramCycles cycle;  ///< of the memory's clock
  std::uint64_t address = 0;
  bool write = false;
  const Transfer* transfer = nullptr;
  bool forwarded = false;  ///< served from the queue of writes, without a command
};

/// Who watches a run. Calls come in order of time, but for commands of main memory, which are in order by channel
/// only, and for steps of arrays, which are told of when no more of the same kind follow. What a call refers to is
/// valid during the call.
struct RunObserver {
  virtual ~RunObserver() = default;
  /// Before the run each tile operation is executed once without time, to see whether the mapping fits.
  virtual void operation_checked() {}
  /// Once, before anything that happens in the run.
  virtual void begin(const ObservedRun&) {}
  /// A transfer is asked for; it goes to the memories when its words can be read. What a write-back writes is what its
  /// words are now.
  virtual void transfer_issued(const Transfer&, Cycle) {}
  /// A transfer goes to the memories; `issued` is now.
  virtual void transfer_submitted(const Transfer&) {}
  /// … and is complete. `users`: the operations that have waited for it.
  virtual void transfer_completed(const Transfer&, const std::vector<OperationId>&) {}
  /// An operation has got space for its words; it waits for `fills` transfers, which are or will be submitted.
  virtual void operation_admitted(StageIndex, const TileOperation&, int /*fills*/, Cycle) {}
  virtual void operation_started(StageIndex, const TileOperation&, Cycle) {}
  virtual void operation_ended(const OperationRecord&) {}
  /// The results of a tile operation are there, in what the plan says.
  virtual void operation_retired(const TileOperation&, const Plan&, Cycle) {}
  /// A buffer gave words up.
  virtual void words_released(HoldingIndex, const Place&, const PointSet&, Cycle) {}
  /// Whether steps_taken() is to be called, which costs as much as they are different.
  virtual bool wants_steps() const { return false; }
  /// Steps of the operation that the stage executes, in order; all of them before it ends.
  virtual void steps_taken(StageIndex, const StepTrain&) {}
  /// The words that the fullest instance of a level outside the array holds, after everything that happens at `now`.
  virtual void words_held(LevelId, Words, Cycle) {}
  /// Below the rung `dram`: a burst goes over the channel of main memory from `time` on.
  virtual void memory_burst(Picoseconds /*time*/, std::int64_t /*bytes*/, bool /*write*/) {}
  virtual void dram_request(const DramRequestRecord&) {}
  virtual void dram_command(std::uint32_t /*channel*/, const DramCommandRecord&) {}
  /// All commands before this time have been told, but for refreshes of idle channels, which come when they are used.
  virtual void dram_commands_known(Picoseconds) {}
  /// The last call, of a run that has ended by itself.
  virtual void end(Cycle) {}
  /// The last call, of a run that does not get there, and why.
  virtual void cut(Cycle, const char* /*reason*/) {}
};

}  // namespace loopsim
