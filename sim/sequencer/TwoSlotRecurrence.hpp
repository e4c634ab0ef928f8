#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// How long the executed steps would take if stages handed over through two tile slots and nothing else held them up:
/// a stage starts tile t when its producers have finished t, itself t - 1 and its consumers t - 2.
class TwoSlotRecurrence {
 public:
  explicit TwoSlotRecurrence(const Schedule& schedule);

  /// Operations in sequential order with the steps they took.
  void add(const TileOperation& operation, std::int64_t steps);
  std::int64_t end() const { return end_; }

 private:
  /// When the last operation of an iteration finished; older iterations are covered by newer ones.
  using Finishes = std::deque<std::pair<std::int64_t, std::int64_t>>;

  std::int64_t finish_of(NodeId branch, std::size_t child, std::int64_t before) const;

  const Schedule* schedule_;
  std::map<std::pair<NodeId, std::size_t>, Finishes> finishes_;  ///< by child of a branch
  std::vector<std::int64_t> stage_free_;
  std::int64_t end_ = 0;
};

}  // namespace loopsim
