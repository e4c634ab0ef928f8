#include "sim/buffers/InstanceTouches.hpp"

#include <algorithm>
#include <set>

namespace loopsim {

namespace {

constexpr std::size_t most_tiles = 1 << 20;

template <class Wanted>
std::vector<Coordinate> select(const std::vector<Coordinate>& at, Wanted wanted) {
  std::vector<Coordinate> result;
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (wanted(i)) result.push_back(at[i]);
  }
  return result;
}

}  // namespace

InstanceTouches::InstanceTouches(const BoundTree& tree, NodeId node, NodeId last, bool same_level) {
  const std::size_t above = indices_above(tree, node).size();
  std::vector<NodeId> ids = indices_above(tree, last);
  const LevelId level = tree.nodes[node].level;
  const auto is_kind = [&](NodeKind kind) { return [&tree, kind](NodeId id) { return tree.nodes[id].kind == kind; }; };
  const auto below = ids.begin() + static_cast<std::ptrdiff_t>(above);
  if (std::none_of(below, ids.end(), is_kind(NodeKind::spatial))) {
    stage_below_ = std::any_of(below, ids.end(), is_kind(NodeKind::pipeline));
    ids.resize(above);
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const BoundNode& index = tree.nodes[ids[i]];
    const Source source = i < above ? Source::time : Source::branch_below;
    switch (index.kind) {
      case NodeKind::spatial:
        if (index.level == level && !same_level) {
          lanes_.push_back(place_size_);
          indices_.push_back({Role::lane, Source::place});
        } else {
          indices_.push_back({Role::other, Source::place});
          follows_loop_ = false;
        }
        ++place_size_;
        break;
      case NodeKind::temporal:
        if (i >= above) break;  // iterations below the node unite
        indices_.push_back({Role::time, source});
        follows_loop_ = true;
        break;
      default:
        indices_.push_back({index.kind == NodeKind::pipeline ? Role::stage : Role::time, source});
        follows_loop_ = false;
    }
  }
  follows_loop_ &= !stage_below_;
}

void InstanceTouches::touch(const TimeIndex& time, const Place& place, const PointSet& words) {
  if (too_many_) return;
  Indices at;
  auto from_time = time.begin();
  auto from_place = place.begin();
  for (const Index& index : indices_) {
    at.push_back(index.source == Source::time    ? *from_time++
                 : index.source == Source::place ? *from_place++
                                                 : Coordinate{0});
  }
  tiles_[std::move(at)].unite(words);
  if (tiles_.size() <= most_tiles) return;
  too_many_ = true;
  tiles_.clear();
}

void InstanceTouches::drop_idle_times(std::vector<Index>& indices, Tiles& tiles) {
  for (std::size_t i = indices.size(); i-- > 0;) {
    if (indices[i].role != Role::time) continue;
    Tiles fewer;
    for (const auto& [at, words] : tiles) {
      const auto [first, added] = fewer.try_emplace(select(at, [&](std::size_t k) { return k != i; }), words);
      if (!added && first->second != words) return;
    }
    tiles = std::move(fewer);
    indices.erase(indices.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

bool InstanceTouches::gives_peers(const std::vector<Index>& indices) const {
  const auto has_role = [&](Role role) {
    return std::any_of(indices.begin(), indices.end(), [&](const Index& index) { return index.role == role; });
  };
  return has_role(Role::time) && !stage_below_ && !lanes_.empty() && lanes_.size() <= 2;
}

/// What an instance beside this one held when the last index that is no lane was one less.
PointSet InstanceTouches::from_peers(const std::vector<Index>& indices, const Tiles& tiles, const Indices& at,
                                     const PointSet& fill) {
  Indices before = at;
  for (std::size_t i = indices.size(); i-- > 0;) {
    if (indices[i].role == Role::lane) continue;
    --before[i];
    break;
  }
  PointSet result;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (indices[i].role != Role::lane) continue;
    for (Coordinate step : {-1, 1}) {
      Indices neighbour = before;
      neighbour[i] += step;
      if (const auto found = tiles.find(neighbour); found != tiles.end()) result.unite(intersect(fill, found->second));
    }
  }
  return result;
}

std::optional<InstanceTouches::Counts> InstanceTouches::counts() const {
  if (too_many_) return std::nullopt;
  std::vector<Index> indices = indices_;
  Tiles tiles = tiles_;
  drop_idle_times(indices, tiles);
  const auto time_of = [&](const Indices& at) {
    return select(at, [&](std::size_t i) { return indices[i].role == Role::time; });
  };
  std::map<Indices, Indices> time_before;  // of each time that exists, the one before
  {
    std::set<Indices> times;
    for (const auto& [at, words] : tiles) times.insert(time_of(at));
    const Indices* before = nullptr;
    for (const Indices& time : times) {
      if (before != nullptr) time_before.emplace(time, *before);
      before = &time;
    }
  }
  const bool peers_here = gives_peers(indices);
  Counts counts;
  std::map<Indices, std::pair<PointSet, PointSet>> taken;  // by all lanes together: all, and what no peer gives
  for (const auto& [at, words] : tiles) {
    PointSet fill = words;
    if (const auto before = time_before.find(time_of(at)); before != time_before.end()) {
      Indices then = at;
      auto coordinate = before->second.begin();
      for (std::size_t i = 0; i < then.size(); ++i) {
        if (indices[i].role == Role::time) then[i] = *coordinate++;
      }
      if (const auto found = tiles.find(then); found != tiles.end()) fill.subtract(found->second);
    }
    counts.fill_series.push_back(fill.size());
    counts.occupancy_series.push_back(words.size());
    counts.fills += fill.size();
    counts.max_occupancy = std::max(counts.max_occupancy, words.size());
    auto& [all, rest] = taken[select(at, [&](std::size_t i) { return indices[i].role != Role::lane; })];
    all.unite(fill);
    if (peers_here) {
      const PointSet peers = from_peers(indices, tiles, at, fill);
      counts.peers += peers.size();
      fill.subtract(peers);
    }
    rest.unite(fill);
  }
  for (const auto& [at, words] : taken) {
    counts.parent += words.first.size();
    counts.after_peers += words.second.size();
  }
  return counts;
}

}  // namespace loopsim
