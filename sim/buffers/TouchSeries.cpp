#include "sim/buffers/TouchSeries.hpp"

#include <algorithm>

#include "mapping/Measures.hpp"

namespace loopsim {

PointSet TouchSeries::touch(const TimeIndex& time, const Place& place, const PointSet& words) {
  if (!time_ || *time_ != time) {
    close_iteration();
    if (time_) time_before_ = *time_;
    time_ = time;
  }
  Instance& instance = instances_[place];
  instance.works = true;
  PointSet fresh = words;
  fresh.subtract(instance.now);
  instance.now.unite(fresh);
  fresh.subtract(instance.before);
  const std::int64_t size = fresh.size();
  instance.fill += size;
  fills_ += size;
  return fresh;
}

const PointSet& TouchSeries::previous(const Place& place) const {
  static const PointSet nothing;
  const auto found = instances_.find(place);
  return found == instances_.end() ? nothing : found->second.before;
}

void TouchSeries::close_iteration() {
  if (!time_) return;
  depends_.resize(time_->size());
  std::size_t changed = 0;
  while (changed < time_before_.size() && time_before_[changed] == (*time_)[changed]) ++changed;
  for (auto& [place, instance] : instances_) {
    const std::int64_t occupancy = instance.now.size();
    max_occupancy_ = std::max(max_occupancy_, occupancy);
    if (!time_before_.empty() && changed < depends_.size() && instance.now != instance.before) depends_[changed] = true;
    if (instance.works && !too_long_) {
      Entry entry;
      auto from_time = time_->begin();
      auto from_place = place.begin();
      for (const IndexKind& index : indices_) entry.key.push_back(index.spatial ? *from_place++ : *from_time++);
      entry.fill = instance.fill;
      entry.occupancy = occupancy;
      entries_.push_back(std::move(entry));
      // Dropping indices can only shorten a series, so a far longer list of iterations still has to be kept.
      if (entries_.size() > 16 * longest_series) too_long_ = true;
    }
    instance.before = std::move(instance.now);
    instance.now = {};
    instance.fill = 0;
    instance.works = false;
  }
}

void TouchSeries::finish() {
  close_iteration();
  time_.reset();
}

std::optional<TouchSeries::Series> TouchSeries::series() const {
  if (too_long_) return std::nullopt;
  // Indices from the innermost outwards as long as no tile changed when they advanced.
  std::vector<bool> dropped(indices_.size());
  std::size_t time_index = depends_.size();
  for (std::size_t i = indices_.size(); i-- > 0;) {
    if (indices_[i].spatial) continue;
    --time_index;
    if (!indices_[i].droppable) continue;
    if (depends_.empty() || depends_[time_index]) break;
    dropped[i] = true;
  }
  std::vector<Entry> sorted = entries_;
  std::sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
  Series result;
  std::map<std::vector<Coordinate>, bool> seen;
  for (const Entry& entry : sorted) {
    std::vector<Coordinate> key;
    for (std::size_t i = 0; i < indices_.size(); ++i) {
      if (!dropped[i]) key.push_back(entry.key[i]);
    }
    if (!seen.emplace(std::move(key), true).second) continue;
    result.fill.push_back(entry.fill);
    result.occupancy.push_back(entry.occupancy);
    if (result.fill.size() > longest_series) return std::nullopt;
  }
  return result;
}

}  // namespace loopsim
