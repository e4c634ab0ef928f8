#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "mapping/Measures.hpp"
#include "sim/attribution/Measurement.hpp"
#include "sim/buffers/InstanceTouches.hpp"
#include "sim/buffers/Move.hpp"
#include "sim/buffers/Plan.hpp"
#include "sim/buffers/TouchSeries.hpp"
#include "sim/schedule/ArrayTraffic.hpp"

namespace loopsim {

/// What an einsum did at a storage node, and where that differs from what LoopTree's rules make of it.
struct AccessAccount {
  HoldingIndex node = 0;
  LeafIndex leaf = 0;
  AccessMeasures measures;
  AccessDifferences differences;
};

/// The accounts of all buffers outside the array: what every einsum touched of every storage node, what moved, and
/// where that differs from LoopTree's counts. Changes nothing of what happens.
class AccessAccounts {
 public:
  AccessAccounts(const BoundTree& tree, const Schedule& schedule, const std::vector<HoldingNode>& nodes);

  /// An admitted operation touches a node. Returns the words that neighbours give instead of the parent.
  std::vector<LaneWords> touch(const Plan& plan, const Plan::Entry& entry);
  /// A fill of this einsum has begun.
  void count_fill(const Move& fill, LeafIndex leaf);
  void count_drain(const Move& drain);
  /// A buffet gives words up.
  void forget(HoldingIndex node, const Place& place, const PointSet& words);
  /// The array's traffic of a retired operation, by AccessTable row.
  void add_array_traffic(const Leaf& leaf, const std::vector<TrafficPoint>& points,
                         const std::vector<ArrayTraffic>& traffic);

  /// By storage node and einsum, after the run.
  std::vector<AccessAccount> finish();

 private:
  struct User {
    LeafIndex leaf = 0;
    TouchSeries touch;
    std::optional<TimeIndex> time;           ///< of the current iteration
    std::optional<TimeIndex> previous_time;  ///< of the one before
    AccessAccount account;
    std::optional<InstanceTouches> instances;  ///< where there may be several
    std::map<Place, PointSet> used;  ///< words that it has used since they came, where others use the node too
    std::int64_t distinct = 0;       ///< words of its fills, each once for all instances that take it
    std::int64_t after_peers = 0;    ///< the same without those that neighbours give
  };
  /// Words filled in an iteration, so due to be written to the parent once, by iteration.
  using Owed = std::vector<std::pair<std::int64_t, PointSet>>;
  struct Node {
    std::vector<User> users;
    std::map<Place, Owed> owed;
  };
  /// What one operation touched of a node, by instance, and how it was served.
  struct Touched {
    std::vector<LaneWords> fill;
    std::vector<LaneWords> padding;
    std::vector<LaneWords> first;    ///< outputs: begun here
    std::vector<LaneWords> moved;    ///< of the fill, fetched
    std::vector<LaneWords> held;     ///< of the fill, still there from an earlier use
    std::vector<LaneWords> fetched;  ///< whether or not it is a fill
  };

  User& user(HoldingIndex node, LeafIndex leaf);
  LeafIndex writer_of(TensorId tensor) const;
  PointSet from_neighbours(const HoldingNode& node, const User& user, const TimeIndex& time, const Place& place,
                           const PointSet& fill) const;
  void account_for(const Plan& plan, const Plan::Entry& entry, const Touched& touched,
                   const std::vector<LaneWords>& peers);
  void settle(AccessDifferences& parent, Owed& owed, std::int64_t iteration, const PointSet& words);
  void compare_with_rules(HoldingIndex node, User& user);

  const BoundTree* tree_;
  const Schedule* schedule_;
  const std::vector<HoldingNode>* nodes_;
  std::vector<Node> accounts_;
  bool finished_ = false;
};

}  // namespace loopsim
