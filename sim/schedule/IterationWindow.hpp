#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/schedule/TimeStream.hpp"

namespace loopsim {

/// The iterations above one node, numbered in time order. Several users walk over them at different places; only the
/// iterations between the slowest user and the fastest are kept.
class IterationWindow {
 public:
  IterationWindow(const BoundTree& tree, NodeId node, std::vector<EinsumId> wanted);
  /// With the lanes of positions further down, one for each wanted einsum: what happens there in an iteration unites.
  IterationWindow(const BoundTree& tree, NodeId node, const std::vector<EinsumId>& wanted,
                  const std::vector<NodeId>& positions);

  /// Number of the iteration in which something at or below the node happens at `time`.
  std::int64_t ordinal(const TimeIndex& time);
  /// Iteration by number, or nullptr past the last one. Valid until the next call.
  const TimedIteration* at(std::int64_t ordinal);
  /// Iterations before this one are no longer asked for.
  void forget_before(std::int64_t ordinal);

 private:
  /// Iterations of one einsum further down.
  struct Below {
    EinsumId einsum;
    TimeStream stream;
    TimedIteration next;
    bool more = false;
  };

  bool extend();
  std::vector<Lane> lanes_below(const TimeIndex& time);

  TimeStream stream_;
  std::vector<Below> below_;
  std::size_t prefix_;
  std::deque<TimedIteration> kept_;
  std::int64_t first_ = 0;
};

}  // namespace loopsim
