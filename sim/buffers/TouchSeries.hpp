#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "mapping/sets/PointSet.hpp"

namespace loopsim {

/// What one einsum touches of one tensor in each iteration of the loops above a storage node, as it executes:
/// distinct words (occupancy) and those not touched in the iteration before (fill).
class TouchSeries {
 public:
  using Place = std::vector<Coordinate>;
  using TimeIndex = std::vector<Coordinate>;

  /// Layout of the row-major index vector above the node: for each index, whether it is spatial, and whether an index
  /// that the tile does not depend on is dropped (temporal and sequential ones are; rule R5).
  struct IndexKind {
    bool spatial = false;
    bool droppable = true;
  };

  explicit TouchSeries(std::vector<IndexKind> indices) : indices_(std::move(indices)) {}

  /// Steps executed at `time` (temporal and branch indices above the node), at one instance, touched these words.
  /// Returns those of them that are a fill. `time` never goes back.
  PointSet touch(const TimeIndex& time, const Place& place, const PointSet& words);
  /// What the instance touched in the iteration before the current one.
  const PointSet& previous(const Place& place) const;
  /// Ends the last iteration.
  void finish();

  std::int64_t fills() const { return fills_; }
  std::int64_t max_occupancy() const { return max_occupancy_; }

  struct Series {
    std::vector<std::int64_t> fill;
    std::vector<std::int64_t> occupancy;
  };
  /// Row-major over all indices that matter; nothing if it would be too long. After finish().
  std::optional<Series> series() const;

 private:
  struct Instance {
    PointSet now;
    PointSet before;
    std::int64_t fill = 0;
    bool works = false;  ///< does something in this iteration, even if it touches padding alone
  };
  struct Entry {
    std::vector<Coordinate> key;  ///< all indices, row-major order
    std::int64_t fill = 0;
    std::int64_t occupancy = 0;
  };

  void close_iteration();

  std::vector<IndexKind> indices_;
  std::optional<TimeIndex> time_;
  TimeIndex time_before_;
  std::map<Place, Instance> instances_;
  std::vector<bool> depends_;  ///< by temporal or branch index: some tile changed when it advanced
  std::vector<Entry> entries_;
  bool too_long_ = false;
  std::int64_t fills_ = 0;
  std::int64_t max_occupancy_ = 0;
};

}  // namespace loopsim
