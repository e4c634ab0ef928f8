#include "sim/pe_array/KeptTiles.hpp"

#include <algorithm>

namespace loopsim {

namespace {

/// The lanes are the same, and each spreads over as many instances.
bool same_instances(const std::vector<ArrayLane>& a, const std::vector<ArrayLane>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ArrayLane& x, const ArrayLane& y) {
    const std::vector<Interval> of_x = bounds(x.operations);
    const std::vector<Interval> of_y = bounds(y.operations);
    return x.place == y.place && std::equal(of_x.begin(), of_x.end(), of_y.begin(), of_y.end(),
                                            [](Interval i, Interval k) { return i.high - i.low == k.high - k.low; });
  });
}

}  // namespace

bool KeptTiles::keeps(std::size_t point, const std::vector<ArrayLane>& held, const std::vector<ArrayLane>& current) {
  if (same_instances(held, current)) return false;
  const TileState before = instances_.state_of(held);
  const TileState now = instances_.state_of(current);
  std::vector<std::int64_t> key{static_cast<std::int64_t>(point), before.shape, now.shape};
  for (std::size_t r = 0; r < now.base.size(); ++r) {
    key.push_back(now.base[r] - before.base[r]);
    if (points_[point].clipped) key.push_back(now.base[r]);
  }
  const auto [found, added] = known_.try_emplace(std::move(key));
  if (added) found->second = instances_.keeps_tiles(point, now, before);
  return found->second;
}

void KeptTiles::follow(const std::vector<ArrayLane>& previous, const std::vector<ArrayLane>& current) {
  if (previous.empty()) return;
  for (std::size_t p = 0; p < points_.size(); ++p) {
    if (!points_[p].reuses || points_[p].node != 0 || points_[p].place_length == 0) continue;
    const auto found = lanes_.find(p);
    const bool kept = keeps(p, found == lanes_.end() ? previous : found->second, current);
    if (!kept && found != lanes_.end()) lanes_.erase(found);
    if (kept && found == lanes_.end()) lanes_.emplace(p, previous);
  }
}

}  // namespace loopsim
