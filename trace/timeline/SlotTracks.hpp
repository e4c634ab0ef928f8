#pragma once

#include <string>
#include <vector>

#include "trace/timeline/TimelineWriter.hpp"

namespace loopsim {

/// Tracks for things that overlap: each takes the first free slot from its beginning to its end.
class SlotTracks {
 public:
  explicit SlotTracks(std::string name) : name_(std::move(name)) {}

  std::size_t take();
  void release(std::size_t slot) { taken_[slot] = false; }
  /// The slot's track; described to the writer, with its group, when it is first asked for.
  TrackId track(std::size_t slot, TimelineWriter& writer);

 private:
  std::string name_;
  std::optional<TrackId> group_;
  std::vector<bool> taken_;
  std::vector<std::optional<TrackId>> tracks_;
};

}  // namespace loopsim
