#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "sim/buffers/Transfer.hpp"
#include "sim/dram/DramClock.hpp"
#include "sim/dram/DramMemory.hpp"
#include "sim/dram/StoredTensor.hpp"
#include "sim/observe/RunObserver.hpp"
#include "sim/ports/MemoryPorts.hpp"
#include "sim/ports/TransferCore.hpp"
#include "sim/time/TimedQueue.hpp"

namespace loopsim {

/// The memory that `simulation.dram` describes. Throws InputError if it does not go together.
DramMemory make_dram_memory(const Architecture& architecture);

/// Main memory of JEDEC parts, and the mover that carries tiles between it and the buffers. A transfer becomes the
/// bursts that its words lie in. The most urgent transfer offers them in the order of addresses as long as the
/// controllers' queues take them; which one goes first from there is for the controllers. The bursts of a write are
/// read out of the buffer before they are offered, those of a read take the buffer's write port as they arrive. Plain
/// C++: `advance` does what is due, `next_event` says when to call again.
class JedecDram : public TransferCore {
 public:
  /// `tensors`: by holding node; nothing for nodes that are not in main memory.
  JedecDram(const Architecture& architecture, DramMemory memory, std::vector<std::optional<StoredTensor>> tensors,
            const MemoryPorts& ports, PortCore& core, Clock clock);

  void submit(Transfer& transfer, Picoseconds now) override;
  void advance(Picoseconds now, std::vector<Transfer*>& done) override;
  std::optional<Picoseconds> next_event() const override { return next_; }

  /// The observer is told of every burst and command from now on.
  void observe(RunObserver* observer);
  const DramMemory& memory() const { return memory_; }

  /// Of a run that ends at `end`: up to there the memory is refreshed and draws its background power.
  DramCounters counters(Picoseconds end) const;
  /// Tells the observer of the commands that counters() has sent to reach the end.
  void report_commands();

 private:
  /// A transfer as bursts.
  struct Job {
    Transfer* transfer = nullptr;
    std::vector<BurstRun> runs;
    std::size_t run = 0;      ///< the next to be offered
    std::int64_t within = 0;  ///< …, bursts of it offered
    std::int64_t bursts = 0;
    std::int64_t offered = 0;
    std::int64_t finished = 0;
    bool begun = false;
    std::deque<Picoseconds> staged;  ///< bursts of a write that have left the buffer: when they are there
  };
  using JobSlot = std::size_t;
  struct BurstEnd {
    JobSlot job = 0;
    DramCycles accepted;
    DramLatency latency;
  };

  std::optional<JobSlot> most_urgent() const;
  void offer(Picoseconds now);
  bool offer_burst(JobSlot slot, DramCycles now);
  void stage(Job& job, Picoseconds now);
  void collect();
  void finish_burst(const BurstEnd& end, Picoseconds now);
  void finish(JobSlot slot, Picoseconds at);
  void plan_next();

  const Architecture* architecture_;
  DramMemory memory_;
  std::vector<std::optional<StoredTensor>> tensors_;
  const MemoryPorts* ports_;
  PortCore* core_;
  Clock clock_;
  DramClock dram_clock_;
  DramCycles shortest_burst_;  ///< from the command to the last data, at least
  std::size_t staging_depth_;  ///< bursts of a write that may be out of the buffer and not yet accepted

  std::vector<Job> jobs_;
  std::vector<JobSlot> free_jobs_;
  std::vector<JobSlot> waiting_;        ///< with bursts to offer, in the order of submission
  Picoseconds mover_free_;              ///< the overhead of the transfer that began last is over
  std::optional<Picoseconds> retry_;    ///< when the mover can go on
  std::optional<std::uint32_t> full_;   ///< the channel that it waits for
  std::vector<DramCompletion> column_;  ///< completions that the memory has just reported
  TimedQueue<BurstEnd> ends_;
  DramSeries series_;
  TimedQueue<Transfer*> completions_;
  std::optional<Picoseconds> next_;

  RunObserver* observer_ = nullptr;
  std::vector<std::vector<DramCommandRecord>> commands_;  ///< not yet reported, by channel; none without observer
};

}  // namespace loopsim
