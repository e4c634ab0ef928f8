#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include "sim/schedule/SequentialOrder.hpp"
#include "sim/sequencer/PendingTile.hpp"

namespace loopsim {

/// The window of a stage: its tile operations in the order in which they start, from the first whose results are not
/// there yet; and behind them those that have still to enter.
class TileWindow {
 public:
  TileWindow(const BoundTree& tree, const Schedule& schedule, const Stage& stage)
      : order_(tree, schedule, stage.leaves) {}
  TileWindow(TileWindow&&) = default;
  TileWindow(const TileWindow&) = delete;

  /// Lets operations in until there are so many. `room_at`: when the last one before them had retired.
  void fill(std::size_t most, Cycle room_at, Cycle now);
  void erase(const PendingTile& tile);

  std::size_t size() const { return tiles_.size(); }
  PendingTile& operator[](std::size_t position) { return *tiles_[position]; }
  const PendingTile& operator[](std::size_t position) const { return *tiles_[position]; }
  /// No operation is left, inside or behind.
  bool done() const { return tiles_.empty() && order_.peek() == nullptr; }

  bool admitted_before(std::size_t position) const;
  /// What the array executes; nullptr: nothing.
  PendingTile* running();
  /// What it executes next; nullptr: nothing in the window.
  PendingTile* next_to_start();
  /// The first operation that the array has not ended; nullptr: it has ended all.
  const TileOperation* first_not_ended() const;

  /// When the leaf's next operation other than `except` happens; nothing: it has none left.
  std::optional<TimeIndex> next_time(LeafIndex leaf, const PendingTile* except = nullptr) const;
  /// Iteration at each of its branches of the leaf's first operation; nothing: it has none left.
  std::optional<std::vector<std::int64_t>> progress(LeafIndex leaf) const;

 private:
  mutable SequentialOrder order_;  ///< reads ahead when asked
  std::deque<std::unique_ptr<PendingTile>> tiles_;
};

}  // namespace loopsim
