#pragma once

#include <vector>

#include "models/looptree/InstancesAtWork.hpp"
#include "models/looptree/access/AccessCounts.hpp"
#include "models/looptree/access/AccessPath.hpp"

namespace loopsim {

/// One access with what it moves in and out of its own storage node, in words.
struct AccessTraffic {
  AccessPath path;
  AccessCounts counts;
  std::int64_t reads = 0;  ///< over all instances
  std::int64_t writes = 0;
  std::int64_t reads_per_instance = 0;  ///< spread evenly over the instances at work, rounded up
  std::int64_t writes_per_instance = 0;
};

/// Turns fills and parent reads into reads and writes of the storage nodes (R8 and section 2.3 of the model): a fill of
/// a read tensor reads the parent; of a written one it writes the parent and, past the first visit, reads it.
void settle_traffic(const BoundTree& tree, const InstancesAtWork& instances, std::vector<AccessTraffic>& accesses);

}  // namespace loopsim
