#pragma once

#include <map>
#include <memory>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "mapping/tiles/TileStream.hpp"

namespace loopsim {

/// Temporal and branch indices above a position, from the root down: when an iteration happens. Two positions compare
/// by their common part, which decides at the latest at the branch where their paths part.
using TimeIndex = std::vector<Coordinate>;

/// One spatial instance of the loops above a position.
struct Lane {
  std::vector<Coordinate> place;            ///< spatial indices above the position, from the root down
  std::map<EinsumId, PointSet> operations;  ///< of the wanted einsums
};

/// What happens at one time above a position: all instances in lock step.
struct TimedIteration {
  TimeIndex time;
  std::vector<Lane> lanes;
};

/// The iterations above a position in the order in which they are executed. Without spatial loops above the position
/// they come straight from tile inference, one at a time; with them the instances of one time are gathered first.
class TimeStream {
 public:
  TimeStream(const BoundTree& tree, NodeId position, std::vector<EinsumId> wanted);
  bool next(TimedIteration& iteration);

 private:
  TimedIteration convert() const;

  TileStream stream_;
  std::vector<EinsumId> wanted_;
  std::vector<bool> spatial_;  ///< of each index
  bool gathered_ = false;
  std::vector<TimedIteration> all_;  ///< in time order, only with spatial loops
  std::size_t at_ = 0;
};

/// Number of leading temporal and branch indices that two positions share: those above `node`.
std::size_t time_indices_above(const BoundTree& tree, NodeId node);

}  // namespace loopsim
