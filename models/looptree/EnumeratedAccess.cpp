#include "models/looptree/EnumeratedAccess.hpp"

#include <algorithm>
#include <map>

#include "mapping/Measures.hpp"
#include "mapping/tiles/TileStream.hpp"

namespace loopsim {

namespace {

using Indices = std::vector<Coordinate>;

/// The words that a buffer holds at each point of its index space. Points where the einsum has no work do not exist.
struct Occupancies {
  std::vector<IndexRole> roles;
  std::map<Indices, PointSet> words;
};

Occupancies collect(const BoundTree& tree, const AccessPath& path) {
  Occupancies result;
  for (const PathIndex& index : path.indices) {
    if (index.role != IndexRole::merged) result.roles.push_back(index.role);
  }
  TileStream stream(tree, path.position, {path.einsum});
  Indices at;
  while (stream.next()) {
    const PointSet& operations = stream.operations(path.einsum);
    if (operations.empty()) continue;
    at.clear();
    for (std::size_t i = 0; i < path.indices.size(); ++i) {
      if (path.indices[i].role != IndexRole::merged) at.push_back(stream.indices()[i]);
    }
    result.words[at].unite(touched_words(tree, path, operations));
  }
  return result;
}

Indices without(Indices indices, std::size_t position) {
  indices.erase(indices.begin() + static_cast<std::ptrdiff_t>(position));
  return indices;
}

/// R5: drops the innermost indices of time that the words do not depend on.
void drop_idle_time(Occupancies& occupancies) {
  for (std::size_t i = occupancies.roles.size(); i-- > 0;) {
    if (occupancies.roles[i] != IndexRole::time) continue;
    std::map<Indices, PointSet> united;
    for (const auto& [at, words] : occupancies.words) united[without(at, i)].unite(words);
    const bool depends = std::any_of(occupancies.words.begin(), occupancies.words.end(), [&](const auto& entry) {
      return entry.second.size() != united.at(without(entry.first, i)).size();
    });
    if (depends) return;
    occupancies.words = std::move(united);
    occupancies.roles.erase(occupancies.roles.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

template <class Wanted>
Indices select(const std::vector<IndexRole>& roles, const Indices& at, Wanted wanted) {
  Indices result;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (wanted(roles[i])) result.push_back(at[i]);
  }
  return result;
}

bool is_time(IndexRole role) {
  return role == IndexRole::time;
}
bool is_not_lane(IndexRole role) {
  return role != IndexRole::lane;
}

/// For every point, the same instance at the previous moment; nothing at the first one or where it was idle.
class Predecessors {
 public:
  explicit Predecessors(const Occupancies& occupancies) : occupancies_(occupancies) {
    for (const auto& [at, words] : occupancies.words) {
      before_.emplace(select(occupancies.roles, at, is_time), Indices());
    }
    const Indices* previous = nullptr;
    for (auto& [time, before] : before_) {
      if (previous) before = *previous;
      previous = &time;
    }
    first_ = before_.empty() ? Indices() : before_.begin()->first;
  }

  const PointSet* of(const Indices& at) const {
    const Indices time = select(occupancies_.roles, at, is_time);
    if (time == first_) return nullptr;
    const Indices& before = before_.at(time);
    Indices then = at;
    std::size_t next = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
      if (occupancies_.roles[i] == IndexRole::time) then[i] = before[next++];
    }
    const auto found = occupancies_.words.find(then);
    return found == occupancies_.words.end() ? nullptr : &found->second;
  }

 private:
  const Occupancies& occupancies_;
  std::map<Indices, Indices> before_;
  Indices first_;
};

/// R6: the part of `fill` that a neighbouring lane held when the last other index was one less.
PointSet from_peers(const AccessPath& path, const Occupancies& occupancies, const Indices& at, const PointSet& fill) {
  const std::vector<IndexRole>& roles = occupancies.roles;
  std::vector<std::size_t> lanes;
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (roles[i] == IndexRole::lane) {
      lanes.push_back(i);
    } else {
      last = i;
    }
  }
  const bool has_time = std::find(roles.begin(), roles.end(), IndexRole::time) != roles.end();
  if (!has_time || path.last_is_stage || lanes.empty() || lanes.size() > 2) return {};
  PointSet available;
  for (std::size_t lane : lanes) {
    for (Coordinate step : {-1, 1}) {
      Indices neighbour = at;
      neighbour[*last] -= 1;
      neighbour[lane] += step;
      const auto found = occupancies.words.find(neighbour);
      if (found != occupancies.words.end()) available.unite(intersect(fill, found->second));
    }
  }
  return available;
}

}  // namespace

AccessCounts enumerate_access(const BoundTree& tree, const AccessPath& path) {
  Occupancies occupancies = collect(tree, path);
  if (path.storage) drop_idle_time(occupancies);
  const Predecessors predecessors(occupancies);

  AccessCounts counts;
  counts.series_length = occupancies.words.size();
  std::vector<std::int64_t> fills;
  std::vector<std::int64_t> sizes;
  std::map<Indices, PointSet> parent_reads;  // of the lanes together
  for (const auto& [at, words] : occupancies.words) {
    PointSet fill = words;
    const PointSet* before = path.storage ? predecessors.of(at) : nullptr;
    if (before) fill.subtract(*before);
    fills.push_back(fill.size());
    sizes.push_back(words.size());
    const PointSet peers = from_peers(path, occupancies, at, fill);
    counts.fills += fills.back();
    counts.peer += peers.size();
    counts.max_occupancy = std::max(counts.max_occupancy, sizes.back());
    fill.subtract(peers);
    parent_reads[select(occupancies.roles, at, is_not_lane)].unite(fill);
  }
  for (const auto& [at, words] : parent_reads) counts.parent_reads += words.size();
  if (counts.series_length <= longest_series) {
    counts.fill_series = std::move(fills);
    counts.occupancy_series = std::move(sizes);
  }
  return counts;
}

}  // namespace loopsim
