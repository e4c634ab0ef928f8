// What every einsum touched of every buffer, what moved, and where that differs from LoopTree's counts.
#include <algorithm>

#include "sim/schedule/Holdings.hpp"

namespace loopsim {

/// Words of a fill that a neighbour along a spatial loop of this level held in the previous iteration (rule R6).
PointSet Holdings::from_neighbours(const HoldingNode& node, const UserState& u, const TimeIndex& time,
                                   const Place& place, const PointSet& fill) const {
  std::vector<std::size_t> own;  // positions in `place`
  std::size_t spatial = 0;
  bool last_is_loop = false;
  for (NodeId above : indices_above(*tree_, node.id)) {
    const BoundNode& index = tree_->nodes[above];
    if (index.kind == NodeKind::spatial) {
      if (index.level == node.level) {
        own.push_back(spatial);
      } else {
        last_is_loop = false;
      }
      ++spatial;
    } else {
      last_is_loop = index.kind == NodeKind::temporal;
    }
  }
  if (own.empty() || own.size() > 2 || !last_is_loop || time.back() == 0) return {};
  if (!u.previous_time) return {};
  TimeIndex expected = *u.previous_time;
  ++expected.back();
  if (expected != time) return {};
  PointSet result;
  for (std::size_t axis : own) {
    for (Coordinate step : {-1, 1}) {
      Place neighbour = place;
      neighbour[axis] += step;
      result.unite(intersect(fill, u.touch.previous(neighbour)));
    }
  }
  return result;
}

void Holdings::record_touch(const Plan& plan, const Plan::Entry& entry, std::vector<LaneWords>& peers) {
  const HoldingNode& node = nodes_[entry.node];
  UserState& u = user(entry.node, plan.leaf);
  AccessDifferences& own = u.account.differences;
  const TimeIndex time(plan.time.begin(),
                       plan.time.begin() + static_cast<std::ptrdiff_t>(time_indices_above(*tree_, node.id)));
  if (!u.time || *u.time != time) {
    u.previous_time = u.time;
    u.time = time;
  }
  std::vector<LaneWords> padding;
  std::vector<LaneWords> shared;
  std::vector<LaneWords> refetched;
  std::vector<LaneWords> first;
  for (const Plan::Lane& lane : entry.lanes) {
    const PointSet touched = u.touch.touch(time, lane.place, lane.touched);
    const PointSet from_peers = from_neighbours(node, u, time, lane.place, touched);
    if (!from_peers.empty()) {
      u.account.measures.peer += from_peers.size();
      if (node.parent && !entry.output) {
        u.account.measures.reads += from_peers.size();
        peers.push_back({lane.place, from_peers});
      } else {
        own.local_peers += from_peers.size();
      }
    }
    if (!node.parent) continue;
    const PointSet stored = intersect(touched, lane.stored);
    padding.push_back({lane.place, subtract(touched, stored)});
    if (entry.output) {
      first.push_back({lane.place, intersect(stored, lane.fresh)});
      states_[entry.node].lanes[lane.place].owed.unite(stored);
    } else {
      shared.push_back({lane.place, subtract(stored, lane.move)});
      refetched.push_back({lane.place, subtract(lane.move, touched)});
    }
  }
  if (!node.parent) return;
  AccessDifferences& above = user(*node.parent, plan.leaf).account.differences;
  const std::size_t size = nodes_[*node.parent].place_size;
  own.padding_fills += all_words(padding);
  own.shared_fills += all_words(shared);
  own.refetched_fills += all_words(refetched);
  own.first_updates += all_words(first);
  above.child_padding += distinct_words(padding, size);
  above.child_shared += distinct_words(shared, size);
  above.child_refetched += distinct_words(refetched, size);
  above.child_first_updates += distinct_words(first, size);
}

void Holdings::add_array_traffic(const Leaf& leaf, const std::vector<TrafficPoint>& points,
                                 const std::vector<ArrayTraffic>& traffic) {
  const LeafIndex index = static_cast<LeafIndex>(&leaf - schedule_->leaves.data());
  for (std::size_t p = 0; p < points.size(); ++p) {
    for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
      if (!points[p].parent || nodes_[n].id != *points[p].parent) continue;
      Account& account = user(n, index).account;
      const ArrayTraffic& t = traffic[p];
      account.measures.reads += t.moved_parent;
      if (points[p].output) {
        account.measures.reads -= t.first_updates;
        account.measures.writes += t.moved_parent;
        account.differences.child_first_updates += t.first_updates;
      }
      account.differences.child_padding += t.touched_parent - t.moved_parent;
      account.differences.child_multicast += t.ruled_parent - t.touched_parent;
    }
  }
}

std::vector<Holdings::Account> Holdings::accounts() {
  std::vector<Account> result;
  for (NodeState& state : states_) {
    for (UserState& u : state.users) {
      u.touch.finish();
      AccessMeasures& measures = u.account.measures;
      measures.fills = u.touch.fills();
      measures.max_occupancy = u.touch.max_occupancy();
      if (auto series = u.touch.series()) {
        measures.fill_series = std::move(series->fill);
        measures.occupancy_series = std::move(series->occupancy);
      }
      result.push_back(u.account);
    }
  }
  return result;
}

}  // namespace loopsim
