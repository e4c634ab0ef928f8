#pragma once

#include <cstdint>
#include <map>

#include "sim/buffers/HoldingNode.hpp"

namespace loopsim {

/// A buffet: what one instance of a level holds of a tensor for a storage node, by what has happened to the words.
struct Buffet {
  PointSet held;
  PointSet expected;  ///< valid or on the way
  PointSet valid;
  PointSet dirty;      ///< not yet in the parent
  PointSet finished;   ///< accumulation is complete (perhaps of an earlier copy)
  PointSet in_flight;  ///< being written back
  PointSet departing;  ///< of those, what leaves when that is done
  PointSet fetched;    ///< in the current iteration, where every tile is fetched whole
  std::int64_t fetched_iteration = -1;
  std::int64_t live = 0;                        ///< words of `held` that are still to be read
  std::map<std::int64_t, std::int64_t> copies;  ///< words made again in a slot of their own, by iteration
};

}  // namespace loopsim
