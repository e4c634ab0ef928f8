#include "sim/pe_array/KeptTiles.hpp"

#include <algorithm>

namespace loopsim {

namespace {

/// One box without gaps: how many instances it spreads over follows from its extents.
bool is_solid(const PointSet& operations) {
  if (operations.boxes().size() != 1) return false;
  const std::vector<IntervalSet>& dimensions = operations.boxes().front().dimensions;
  return std::all_of(dimensions.begin(), dimensions.end(), [](const IntervalSet& d) { return d.runs().size() == 1; });
}

bool have_same_extents(const PointSet& a, const PointSet& b) {
  const std::vector<Interval> of_a = bounds(a);
  const std::vector<Interval> of_b = bounds(b);
  return std::equal(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                    [](Interval i, Interval k) { return i.high - i.low == k.high - k.low; });
}

/// The lanes are the same, and each spreads over the same instances, as far as that is seen at a glance.
bool same_instances(const std::vector<ArrayLane>& a, const std::vector<ArrayLane>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ArrayLane& x, const ArrayLane& y) {
    return x.place == y.place && is_solid(x.operations) && is_solid(y.operations) &&
           have_same_extents(x.operations, y.operations);
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

void KeptTiles::follow(const std::vector<ArrayLane>& previous, const std::vector<ArrayLane>& current,
                       std::optional<NodeId> advanced) {
  if (previous.empty()) return;
  for (std::size_t p = 0; p < points_.size(); ++p) {
    if (!points_[p].reuses || points_[p].node != 0 || points_[p].place_length == 0) continue;
    const auto found = lanes_.find(p);
    const bool kept =
        points_[p].holds_through(advanced) && keeps(p, found == lanes_.end() ? previous : found->second, current);
    if (!kept && found != lanes_.end()) lanes_.erase(found);
    if (kept && found == lanes_.end()) lanes_.emplace(p, previous);
  }
}

}  // namespace loopsim
