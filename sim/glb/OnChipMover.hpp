#pragma once

#include <vector>

#include "sim/buffers/Transfer.hpp"
#include "sim/ports/MemoryPorts.hpp"
#include "sim/ports/TransferCore.hpp"
#include "sim/time/TimedQueue.hpp"

namespace loopsim {

/// Moves tiles between two memories on the chip: a transfer takes the source's read port and the destination's write
/// port side by side and is complete when both are through, plus the source's latency. Within one memory it also takes
/// the server for copies, where there is one. Plain C++.
class OnChipMover : public TransferCore {
 public:
  OnChipMover(const Architecture& architecture, const MemoryPorts& ports, PortCore& core, Clock clock)
      : architecture_(&architecture), ports_(&ports), core_(&core), clock_(clock) {}

  void submit(Transfer& transfer, Picoseconds now) override;
  void advance(Picoseconds now, std::vector<Transfer*>& done) override;
  std::optional<Picoseconds> next_event() const override { return completions_.next(); }

 private:
  const Architecture* architecture_;
  const MemoryPorts* ports_;
  PortCore* core_;
  Clock clock_;
  TimedQueue<Transfer*> completions_;
};

}  // namespace loopsim
