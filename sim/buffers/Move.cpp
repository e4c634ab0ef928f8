#include "sim/buffers/Move.hpp"

#include <map>

namespace loopsim {

std::int64_t distinct_words(const std::vector<LaneWords>& lanes, std::size_t parent_place_size) {
  if (lanes.size() == 1) return lanes.front().words.size();
  std::map<Place, PointSet> by_parent;
  for (const LaneWords& lane : lanes) by_parent[prefix_of(lane.place, parent_place_size)].unite(lane.words);
  std::int64_t total = 0;
  for (const auto& [place, words] : by_parent) total += words.size();
  return total;
}

std::int64_t all_words(const std::vector<LaneWords>& lanes) {
  std::int64_t total = 0;
  for (const LaneWords& lane : lanes) total += lane.words.size();
  return total;
}

PointSet words_over_pins(const Move& move) {
  PointSet words;
  for (const LaneWords& lane : move.lanes) {
    PointSet own = lane.words;
    for (const LaneWords& peer : move.peers) {
      if (peer.place == lane.place) own.subtract(peer.words);
    }
    words.unite(own);
  }
  return words;
}

}  // namespace loopsim
