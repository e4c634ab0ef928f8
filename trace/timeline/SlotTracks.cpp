#include "trace/timeline/SlotTracks.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace loopsim {

std::size_t SlotTracks::take() {
  const auto free = std::find(taken_.begin(), taken_.end(), false);
  const auto slot = static_cast<std::size_t>(free - taken_.begin());
  if (free == taken_.end()) {
    taken_.push_back(true);
    tracks_.emplace_back();
  } else {
    *free = true;
  }
  return slot;
}

TrackId SlotTracks::track(std::size_t slot, TimelineWriter& writer) {
  if (!group_) group_ = writer.add_group(name_);
  if (!tracks_[slot]) tracks_[slot] = writer.add_track(fmt::format("{} {}", name_, slot), *group_);
  return *tracks_[slot];
}

}  // namespace loopsim
