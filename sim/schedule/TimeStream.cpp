#include "sim/schedule/TimeStream.hpp"

#include <algorithm>

namespace loopsim {

TimeStream::TimeStream(const BoundTree& tree, NodeId position, std::vector<EinsumId> wanted)
    : stream_(tree, position, wanted), wanted_(std::move(wanted)) {
  for (NodeId node : stream_.index_nodes()) spatial_.push_back(tree.nodes[node].kind == NodeKind::spatial);
  gathered_ = std::find(spatial_.begin(), spatial_.end(), true) != spatial_.end();
  if (!gathered_) return;
  std::map<TimeIndex, std::size_t> at_time;
  while (stream_.next()) {
    TimedIteration one = convert();
    const auto [found, added] = at_time.emplace(one.time, all_.size());
    if (added) {
      all_.push_back(std::move(one));
    } else {
      all_[found->second].lanes.push_back(std::move(one.lanes.front()));
    }
  }
  std::sort(all_.begin(), all_.end(), [](const TimedIteration& a, const TimedIteration& b) { return a.time < b.time; });
}

TimedIteration TimeStream::convert() const {
  TimedIteration iteration;
  iteration.lanes.resize(1);
  Lane& lane = iteration.lanes.front();
  for (std::size_t i = 0; i < spatial_.size(); ++i) {
    (spatial_[i] ? lane.place : iteration.time).push_back(stream_.indices()[i]);
  }
  for (EinsumId e : wanted_) lane.operations[e] = stream_.operations(e);
  return iteration;
}

bool TimeStream::next(TimedIteration& iteration) {
  if (!gathered_) {
    if (!stream_.next()) return false;
    iteration = convert();
    return true;
  }
  if (at_ == all_.size()) return false;
  iteration = std::move(all_[at_++]);
  return true;
}

std::size_t time_indices_above(const BoundTree& tree, NodeId node) {
  std::size_t count = 0;
  for (NodeId above : indices_above(tree, node)) count += tree.nodes[above].kind != NodeKind::spatial;
  return count;
}

}  // namespace loopsim
