#pragma once

#include <map>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Words that one instance of each memory must hold (R9): nodes on a path add, `sequential` takes its largest branch,
/// `pipeline` the sum. `held` is the maximum occupancy of each storage node, over time and einsums.
IdVector<LevelId, std::int64_t> required_words(const BoundTree& tree, const std::map<NodeId, std::int64_t>& held);

}  // namespace loopsim
