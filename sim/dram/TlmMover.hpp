#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "sim/dram/StoredTensor.hpp"
#include "sim/ports/MemoryPorts.hpp"
#include "sim/ports/TransferCore.hpp"
#include "sim/time/TimedQueue.hpp"

namespace loopsim {

/// A piece of a transfer that a memory behind a TLM-2.0 socket moves as one transaction: bytes that follow each other,
/// within a burst's boundaries.
struct TlmBurst {
  std::int64_t number = 0;
  bool write = false;
  std::uint64_t address = 0;
  std::int64_t bytes = 0;
};

/// The mover that carries tiles between the buffers and a memory whose time somebody else decides. One request is made
/// at a time: the most urgent transfer's next burst, decided anew each time the memory has taken the one before, as
/// long as no more than simulation.dram.queue are unanswered. The words of a write are read out of the buffer
/// before, those of a read are written as they arrive. Plain C++: it sends bursts, and is told what became of them.
class TlmMover : public TransferCore {
 public:
  using Send = std::function<void(const TlmBurst&)>;
  /// `tensors`: by holding node; nothing for nodes that are not in main memory.
  TlmMover(const Architecture& architecture, std::vector<std::optional<StoredTensor>> tensors, const MemoryPorts& ports,
           PortCore& core, Clock clock, Send send);

  void submit(Transfer& transfer, Picoseconds now) override;
  void advance(Picoseconds now, std::vector<Transfer*>& done) override;
  std::optional<Picoseconds> next_event() const override;

  /// The memory has taken the burst that was sent last, or will have by then.
  void accepted(Picoseconds at) { events_.push(at, std::nullopt); }
  /// A read's data are there, a write is done, or will be by then.
  void answered(std::int64_t burst, Picoseconds at) { events_.push(at, burst); }

  const DramCounters& counters() const { return counters_; }

 private:
  /// A transfer with its words' bytes in the order of their addresses.
  struct Job {
    Transfer* transfer = nullptr;
    std::vector<BurstRun> bytes;
    std::size_t run = 0;      ///< the next to be asked for
    std::int64_t within = 0;  ///< …, bytes of it asked for
    std::int64_t all = 0;
    std::int64_t asked = 0;
    std::int64_t moved = 0;
    bool begun = false;
  };
  struct Sent {
    std::int64_t job = 0;
    std::int64_t bytes = 0;
  };
  /// What goes next, once the buffer has given its words and the transfer's overhead is over.
  struct Next {
    std::int64_t job = 0;
    TlmBurst burst;
    Picoseconds ready;
  };

  std::optional<std::int64_t> most_urgent() const;
  TlmBurst next_burst(const Job& job) const;
  void prepare(Picoseconds now);
  void serve(Picoseconds now);
  void finish(std::int64_t burst, Picoseconds now);
  void take_events(Picoseconds now);

  const Architecture* architecture_;
  std::vector<std::optional<StoredTensor>> tensors_;
  const MemoryPorts* ports_;
  PortCore* core_;
  Clock clock_;
  Send send_;
  std::int64_t burst_bytes_;
  std::map<std::int64_t, Job> jobs_;   ///< by the transfer's number
  std::vector<std::int64_t> waiting_;  ///< jobs with bytes to ask for
  std::map<std::int64_t, Sent> sent_;  ///< unanswered, by burst
  std::optional<Next> next_;
  std::optional<Picoseconds> retry_;  ///< when something can be prepared
  bool taking_ = false;               ///< the memory has not yet taken the last request
  std::int64_t bursts_ = 0;
  TimedQueue<std::optional<std::int64_t>> events_;  ///< a burst that was answered; nothing: the last was taken
  TimedQueue<Transfer*> completions_;
  DramCounters counters_;
};

}  // namespace loopsim
