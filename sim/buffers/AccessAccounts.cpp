#include "sim/buffers/AccessAccounts.hpp"

#include <algorithm>
#include <stdexcept>

namespace loopsim {

namespace {

std::vector<LaneWords> without(std::vector<LaneWords> lanes, const std::vector<LaneWords>& others) {
  for (LaneWords& lane : lanes) {
    for (const LaneWords& other : others) {
      if (other.place == lane.place) lane.words.subtract(other.words);
    }
  }
  return lanes;
}

std::vector<LaneWords> together(std::vector<LaneWords> lanes, const std::vector<LaneWords>& others) {
  lanes.insert(lanes.end(), others.begin(), others.end());
  return lanes;
}

std::int64_t places_that_differ(const std::optional<std::vector<std::int64_t>>& a, const std::vector<std::int64_t>& b) {
  if (!a || b.size() > longest_series) return 0;
  const auto shorter = std::min(a->size(), b.size());
  auto places = static_cast<std::int64_t>(std::max(a->size(), b.size()) - shorter);
  for (std::size_t i = 0; i < shorter; ++i) places += (*a)[i] != b[i];
  return places;
}

}  // namespace

AccessAccounts::AccessAccounts(const BoundTree& tree, const Schedule& schedule, const std::vector<HoldingNode>& nodes)
    : tree_(&tree), schedule_(&schedule), nodes_(&nodes), accounts_(nodes.size()) {
  for (HoldingIndex n = 0; n < nodes.size(); ++n) {
    const HoldingNode& node = nodes[n];
    std::vector<TouchSeries::IndexKind> kinds;
    std::size_t spatial = 0;
    for (NodeId above : indices_above(tree, node.id)) {
      const NodeKind kind = tree.nodes[above].kind;
      if (kind == NodeKind::spatial && ++spatial > node.place_size) continue;
      kinds.push_back({kind == NodeKind::spatial, kind != NodeKind::pipeline});
    }
    for (std::size_t place = spatial_above(tree, node.id); place < node.place_size; ++place)
      kinds.push_back({true, false});
    for (std::size_t u = 0; u < node.users.size(); ++u) {
      const LeafIndex leaf = node.users[u];
      User user{leaf, TouchSeries(kinds), {}, {}, {}, {}, {}, 0, 0};
      const bool same_level = node.parent && nodes[*node.parent].level == node.level;
      InstanceTouches instances(tree, node.id, node.last_of_level[u], same_level);
      if (instances.place_size() > 0) user.instances = std::move(instances);
      user.account.node = n;
      user.account.leaf = leaf;
      user.account.measures.level = node.level;
      user.account.measures.tensor = node.tensor;
      user.account.measures.einsum = schedule.leaves[leaf].einsum;
      user.account.measures.node = tree.nodes[node.id].ordinal;
      accounts_[n].users.push_back(std::move(user));
    }
  }
}

AccessAccounts::User& AccessAccounts::user(HoldingIndex node, LeafIndex leaf) {
  for (User& user : accounts_[node].users) {
    if (user.leaf == leaf) return user;
  }
  throw std::logic_error("an einsum uses a storage node that it does not know");
}

LeafIndex AccessAccounts::writer_of(TensorId tensor) const {
  const EinsumId writer = *tree_->graph.tensors[tensor].writer;
  LeafIndex leaf = 0;
  while (schedule_->leaves[leaf].einsum != writer) ++leaf;
  return leaf;
}

/// Words of a fill that a neighbour along a spatial loop of this level held in the previous iteration (rule R6).
PointSet AccessAccounts::from_neighbours(const HoldingNode& node, const User& u, const TimeIndex& time,
                                         const Place& place, const PointSet& fill) const {
  if (!u.instances || !u.instances->follows_loop() || u.instances->lanes().size() > 2) return {};
  if (time.back() == 0 || !u.previous_time) return {};
  TimeIndex expected = *u.previous_time;
  ++expected.back();
  if (expected != time) return {};
  PointSet result;
  for (std::size_t axis : u.instances->lanes()) {
    if (axis >= node.place_size) continue;
    for (Coordinate step : {-1, 1}) {
      Place neighbour = place;
      neighbour[axis] += step;
      result.unite(intersect(fill, u.touch.previous(neighbour)));
    }
  }
  return result;
}

std::vector<LaneWords> AccessAccounts::touch(const Plan& plan, const Plan::Entry& entry) {
  std::vector<LaneWords> peers;
  const HoldingNode& node = (*nodes_)[entry.node];
  User& u = user(entry.node, plan.leaf);
  AccessDifferences& own = u.account.differences;
  const TimeIndex time(plan.time.begin(),
                       plan.time.begin() + static_cast<std::ptrdiff_t>(time_indices_above(*tree_, node.id)));
  if (!u.time || *u.time != time) {
    u.previous_time = u.time;
    u.time = time;
  }
  if (u.instances) {
    for (const LaneWords& instance : entry.instances) u.instances->touch(time, instance.place, instance.words);
  }
  Touched all;
  for (const Plan::Lane& lane : entry.lanes) {
    if (u.instances && !node.shared) u.instances->touch(time, lane.place, lane.touched);
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
    PointSet held = subtract(stored, lane.move);
    if (entry.output) {
      all.first.push_back({lane.place, intersect(stored, lane.fresh)});
      held.subtract(lane.fresh);
      if (!stored.empty()) accounts_[entry.node].owed[lane.place].emplace_back(entry.iteration, stored);
    } else if (node.users.size() > 1) {
      PointSet& used = u.used[lane.place];
      held = intersect(held, used);
      used.unite(lane.stored);
    }
    all.fill.push_back({lane.place, touched});
    all.padding.push_back({lane.place, subtract(touched, stored)});
    all.moved.push_back({lane.place, intersect(stored, lane.move)});
    all.held.push_back({lane.place, std::move(held)});
    all.fetched.push_back({lane.place, lane.move});
  }
  if (node.parent) account_for(plan, entry, all, peers);
  return peers;
}

/// Where each word of a fill comes from, by instance; and, seen from the parent, each word once for all instances.
void AccessAccounts::account_for(const Plan& plan, const Plan::Entry& entry, const Touched& touched,
                                 const std::vector<LaneWords>& peers) {
  const HoldingNode& node = (*nodes_)[entry.node];
  User& u = user(entry.node, plan.leaf);
  AccessDifferences& own = u.account.differences;
  const std::int64_t moved = all_words(touched.moved);
  const std::int64_t held = all_words(touched.held);
  own.padding_fills += all_words(touched.padding);
  own.first_updates += all_words(touched.first);
  own.held_fills += held;
  own.refetched_fills += all_words(touched.fetched) - moved;
  if (!entry.output) own.shared_fills += all_words(touched.fill) - all_words(touched.padding) - moved - held;

  const std::size_t size = (*nodes_)[*node.parent].place_size;
  AccessDifferences& above = user(*node.parent, plan.leaf).account.differences;
  const auto distinct = [&](const std::vector<LaneWords>& lanes) {
    return distinct_words(peers.empty() ? lanes : without(lanes, peers), size);
  };
  const std::int64_t fill = distinct(touched.fill);
  const std::int64_t padding = distinct(touched.padding);
  const std::int64_t first = distinct(touched.first);
  const std::int64_t fetched = distinct(touched.moved);
  const std::int64_t rest = fill - padding - first - fetched;
  above.child_padding += padding;
  above.child_first_updates += first;
  above.child_refetched += distinct(touched.fetched) - fetched;
  if (entry.output || rest == 0) {
    above.child_held += rest;
  } else {
    const std::int64_t again = distinct(together(touched.held, touched.moved)) - fetched;
    above.child_held += again;
    above.child_shared += rest - again;
  }
  u.distinct += distinct_words(touched.fill, size);
  u.after_peers += fill;
}

void AccessAccounts::count_fill(const Move& fill, LeafIndex leaf) {
  AccessMeasures& child = user(fill.child, leaf).account.measures;
  AccessMeasures& parent = user(fill.parent, leaf).account.measures;
  child.writes += fill.written.value;
  child.parent_reads += fill.read.value;
  parent.reads += fill.read.value;
}

/// A drain is due to the fills up to its iteration: more than one if words came back before they had left, none if they
/// were made again while they were held. A stage that is ahead may have made words of a later iteration already.
void AccessAccounts::settle(AccessDifferences& parent, Owed& all, std::int64_t iteration, const PointSet& words) {
  PointSet unpaid = words;
  for (auto owed = all.begin(); owed != all.end() && owed->first <= iteration;) {
    const PointSet paid = intersect(owed->second, words);
    parent.held_writes += paid.size() - intersect(paid, unpaid).size();
    unpaid.subtract(paid);
    owed->second.subtract(paid);
    owed = owed->second.empty() ? all.erase(owed) : owed + 1;
  }
  for (auto owed = all.begin(); owed != all.end() && !unpaid.empty(); ++owed) {
    const PointSet paid = intersect(owed->second, unpaid);
    unpaid.subtract(paid);
    owed->second.subtract(paid);
  }
  parent.rewritten += unpaid.size();
}

void AccessAccounts::count_drain(const Move& drain) {
  const LeafIndex writer = writer_of((*nodes_)[drain.child].tensor);
  AccessAccount& child = user(drain.child, writer).account;
  child.measures.reads += drain.read.value;
  child.differences.drain_reads += drain.read.value;
  AccessAccount& parent = user(drain.parent, writer).account;
  parent.measures.writes += drain.written.value;
  for (const LaneWords& lane : drain.lanes) {
    settle(parent.differences, accounts_[drain.child].owed[lane.place], drain.iteration, lane.words);
  }
}

void AccessAccounts::forget(HoldingIndex node, const Place& place, const PointSet& words) {
  for (User& user : accounts_[node].users) {
    if (const auto used = user.used.find(place); used != user.used.end()) used->second.subtract(words);
  }
}

/// What the rules of LoopTree make of the same touches, where several instances of a level use the node's words.
void AccessAccounts::compare_with_rules(HoldingIndex n, User& u) {
  if (!u.instances) return;
  const auto ruled = u.instances->counts();
  if (!ruled) return;
  const HoldingNode& node = (*nodes_)[n];
  AccessMeasures& measures = u.account.measures;
  AccessDifferences& own = u.account.differences;
  AccessDifferences nowhere;
  AccessDifferences& above = node.parent ? user(*node.parent, u.leaf).account.differences : nowhere;
  if (node.shared) {
    own.one_copy_fills = measures.fills - ruled->fills;
    own.one_copy_occupancy = measures.max_occupancy - ruled->max_occupancy;
    own.one_copy_peers = measures.peer - ruled->peers;
    own.one_copy_fill_places = places_that_differ(measures.fill_series, ruled->fill_series);
    own.one_copy_occupancy_places = places_that_differ(measures.occupancy_series, ruled->occupancy_series);
    above.child_one_copy += u.after_peers - ruled->after_peers;
    return;
  }
  own.idle_refills = measures.fills - ruled->fills;
  own.peers = measures.peer - ruled->peers;
  above.child_apart += u.distinct - ruled->parent;
  above.child_peers += (u.after_peers - u.distinct) - (ruled->after_peers - ruled->parent);
  if (ruled->fill_series.size() > longest_series) return;
  measures.fill_series = ruled->fill_series;
  measures.occupancy_series = ruled->occupancy_series;
}

void AccessAccounts::add_array_traffic(const Leaf& leaf, const std::vector<TrafficPoint>& points,
                                       const std::vector<ArrayTraffic>& traffic) {
  const LeafIndex index = static_cast<LeafIndex>(&leaf - schedule_->leaves.data());
  for (std::size_t p = 0; p < points.size(); ++p) {
    for (HoldingIndex n = 0; n < nodes_->size(); ++n) {
      if (!points[p].parent || (*nodes_)[n].id != *points[p].parent) continue;
      AccessAccount& account = user(n, index).account;
      const ArrayTraffic& t = traffic[p];
      account.measures.reads += t.moved_parent;
      if (points[p].output) {
        account.measures.reads -= t.first_updates;
        account.measures.writes += t.moved_parent;
        account.differences.child_first_updates += t.first_updates;
      }
      account.differences.child_padding += t.touched_parent - t.moved_parent;
      account.differences.child_multicast += t.ruled_parent - t.touched_parent;
      account.differences.child_peers += t.at_once_parent;
      account.differences.child_apart += t.apart_parent;
    }
  }
}

std::vector<AccessAccount> AccessAccounts::finish() {
  if (finished_) throw std::logic_error("the accounts are closed");
  finished_ = true;
  for (HoldingIndex n = 0; n < nodes_->size(); ++n) {
    for (User& u : accounts_[n].users) {
      u.touch.finish();
      AccessMeasures& measures = u.account.measures;
      measures.fills = u.touch.fills();
      measures.max_occupancy = u.touch.max_occupancy();
      if (auto series = u.touch.series()) {
        measures.fill_series = std::move(series->fill);
        measures.occupancy_series = std::move(series->occupancy);
      }
      compare_with_rules(n, u);
    }
  }
  // Fills that no write-back of their own was due to, as the words stayed until a later one.
  for (HoldingIndex n = 0; n < nodes_->size(); ++n) {
    const auto writer = tree_->graph.tensors[(*nodes_)[n].tensor].writer;
    if (!(*nodes_)[n].parent || !writer) continue;
    std::int64_t held = 0;
    for (const auto& [place, owed] : accounts_[n].owed) {
      for (const auto& [iteration, words] : owed) held += words.size();
    }
    for (User& u : accounts_[*(*nodes_)[n].parent].users) {
      if (schedule_->leaves[u.leaf].einsum == *writer) u.account.differences.held_writes += held;
    }
  }
  std::vector<AccessAccount> result;
  for (const Node& node : accounts_) {
    for (const User& u : node.users) result.push_back(u.account);
  }
  return result;
}

}  // namespace loopsim
