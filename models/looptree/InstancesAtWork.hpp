#pragma once

#include "models/looptree/access/TileLists.hpp"

namespace loopsim {

/// Over how many instances of a level each einsum spreads: the combinations of indices of the spatial loops of that
/// level and those further out. What an einsum moves is taken to be even over them.
class InstancesAtWork {
 public:
  InstancesAtWork(const BoundTree& tree, TileLists& tiles);

  std::int64_t of(LevelId level, EinsumId einsum) const { return counts_[einsum][level]; }

 private:
  IdVector<EinsumId, IdVector<LevelId, std::int64_t>> counts_;
};

}  // namespace loopsim
