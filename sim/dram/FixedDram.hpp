#pragma once

#include <vector>

#include "sim/buffers/Transfer.hpp"
#include "sim/observe/RunObserver.hpp"
#include "sim/ports/MemoryPorts.hpp"
#include "sim/ports/TransferCore.hpp"
#include "sim/time/TimedQueue.hpp"

namespace loopsim {

/// DRAM of fixed bandwidth and latency, and the mover that carries tiles between it and the buffers burst by burst.
/// Reads and writes share one channel unless the machine has separate ones; where several transfers wait, the most
/// urgent goes first and then the oldest, decided anew for every burst. Plain C++: `advance` does what is due and
/// returns when to call again.
class FixedDram : public TransferCore {
 public:
  FixedDram(const Architecture& architecture, const MemoryPorts& ports, PortCore& core, Clock clock);

  /// The observer is told of every burst from now on.
  void observe(RunObserver* observer) { observer_ = observer; }
  void submit(Transfer& transfer, Picoseconds now) override;
  void advance(Picoseconds now, std::vector<Transfer*>& done) override;
  std::optional<Picoseconds> next_event() const override;

  const DramCounters& counters() const { return counters_; }

 private:
  struct Channel {
    std::optional<ServerIndex> server;
    std::vector<Transfer*> waiting;
    Picoseconds free;
    /// A burst for a write that has left the buffer and waits for the channel.
    struct Staged {
      Transfer* transfer = nullptr;
      std::int64_t bits = 0;
      Picoseconds ready;
    };
    std::optional<Staged> staged;
  };
  struct Arrival {
    Transfer* transfer = nullptr;
    std::int64_t bits = 0;    ///< for the destination
    std::int64_t before = 0;  ///< of the transfer, for the destination
    bool last = false;
  };

  Transfer* most_urgent(const Channel& channel) const;
  void serve(Channel& channel, Picoseconds now);
  void stage_write(Channel& channel, Picoseconds now);
  void finish_source(Channel& channel, Transfer& transfer);

  const Architecture* architecture_;
  const MemoryPorts* ports_;
  PortCore* core_;
  Clock clock_;
  std::vector<Channel> channels_;
  TimedQueue<Arrival> arrivals_;  ///< bursts that reach a buffer
  TimedQueue<Transfer*> completions_;
  DramCounters counters_;
  RunObserver* observer_ = nullptr;
};

}  // namespace loopsim
