#pragma once

#include <optional>
#include <vector>

#include "models/looptree/factored/FactoredWords.hpp"
#include "models/looptree/factored/FlagCounts.hpp"

namespace loopsim {

/// R6: peers are asked for what they held when the last index that is no lane was one less.
class PeerMoments {
 public:
  explicit PeerMoments(const FactoredWords& words);

  bool any() const { return any_; }
  /// The last index is one of the outer points, not of a leaf loop.
  bool outside() const { return any_ && !last_leaf_; }

  /// When a factor's peers are asked at one of its moments, if the last index is one of the leaf.
  Moment within(std::size_t factor, const FactorTable& table, std::size_t time) const;

 private:
  const FactoredWords& words_;
  bool any_ = false;
  std::optional<LoopPlace> last_leaf_;
};

}  // namespace loopsim
