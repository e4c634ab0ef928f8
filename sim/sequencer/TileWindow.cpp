#include "sim/sequencer/TileWindow.hpp"

#include <algorithm>

namespace loopsim {

void TileWindow::fill(std::size_t most, Cycle room_at, Cycle now) {
  while (tiles_.size() < most && order_.peek() != nullptr) {
    auto tile = std::make_unique<PendingTile>();
    tile->operation = order_.take();
    tile->room_at = room_at;
    tile->entered_at = now;
    tile->hold(StallCause::dependency, now);
    tiles_.push_back(std::move(tile));
  }
}

void TileWindow::erase(const PendingTile& tile) {
  tiles_.erase(std::find_if(tiles_.begin(), tiles_.end(), [&](const auto& other) { return other.get() == &tile; }));
}

bool TileWindow::admitted_before(std::size_t position) const {
  return std::all_of(tiles_.begin(), tiles_.begin() + static_cast<std::ptrdiff_t>(position),
                     [](const auto& tile) { return tile->admitted; });
}

PendingTile* TileWindow::running() {
  for (const auto& tile : tiles_) {
    if (tile->started && !tile->ended) return tile.get();
  }
  return nullptr;
}

PendingTile* TileWindow::next_to_start() {
  for (const auto& tile : tiles_) {
    if (!tile->started) return tile.get();
  }
  return nullptr;
}

const TileOperation* TileWindow::first_not_ended() const {
  for (const auto& tile : tiles_) {
    if (!tile->ended) return &tile->operation;
  }
  return order_.peek();
}

std::optional<TimeIndex> TileWindow::next_time(LeafIndex leaf, const PendingTile* except) const {
  for (const auto& tile : tiles_) {
    if (tile.get() != except && tile->operation.leaf == leaf) return tile->operation.time;
  }
  return order_.next_time(leaf);
}

std::optional<std::vector<std::int64_t>> TileWindow::progress(LeafIndex leaf) const {
  for (const auto& tile : tiles_) {
    if (tile->operation.leaf == leaf) return tile->operation.iteration;
  }
  const TileOperation* next = order_.stream(leaf).peek(0);
  return next == nullptr ? std::nullopt : std::optional(next->iteration);
}

}  // namespace loopsim
