#pragma once

#include <boost/container_hash/hash.hpp>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/noc/Interconnect.hpp"
#include "sim/noc/MeshSettings.hpp"

namespace loopsim {

using PatternId = Id<struct PatternKind>;

/// The same packets every so many cycles.
struct StepFlow {
  PatternId pattern;
  Cycle period{1};  ///< >= 1

  friend bool operator==(StepFlow a, StepFlow b) { return a.pattern == b.pattern && a.period == b.period; }
  friend bool operator<(StepFlow a, StepFlow b) {
    return a.pattern != b.pattern ? a.pattern < b.pattern : a.period < b.period;
  }
};

/// `cycles` for `steps` steps in the long run.
struct StepPace {
  std::int64_t cycles = 1;
  std::int64_t steps = 1;

  friend bool operator==(StepPace a, StepPace b) { return a.cycles * b.steps == b.cycles * a.steps; }
  friend bool operator<(StepPace a, StepPace b) { return a.cycles * b.steps < b.cycles * a.steps; }
};

/// What a mesh makes of arrays that send equal packets step after step. Flows that have no link in common do not
/// disturb each other. One whose packets have no link in common either takes what its longest packet needs; whatever
/// else flows at the same time is simulated flit by flit (Mesh), once for each different set of flows.
class StepFlows {
 public:
  /// Throws std::invalid_argument for settings outside their ranges.
  explicit StepFlows(const MeshSettings& settings);

  /// Packets of one step; tags are not looked at. At least one.
  PatternId intern(std::vector<Packet> packets);

  /// How fast each can take its steps, in the order given: at its period, or as fast as the mesh carries it.
  /// Throws DeadlockError if they block each other for good.
  std::vector<StepPace> together(const std::vector<StepFlow>& flows);
  StepPace alone(StepFlow flow) { return together({flow}).front(); }

  /// One step alone.
  struct OneStep {
    Cycle operands;  ///< until the last copy has arrived
    Cycle results;   ///< until the last sum has arrived
    NetworkCounters counters;
    std::vector<std::pair<LinkId, LinkCounters>> links;  ///< that carried something
  };
  const OneStep& one_step(PatternId pattern) const { return patterns_[pattern].step; }

  /// Different sets of flows that were simulated.
  std::size_t simulated() const { return paces_.size(); }
  std::string link_name(LinkId link) const;

 private:
  struct Pattern {
    std::vector<Packet> packets;
    OneStep step;
    std::int64_t longest = 0;   ///< flits
    bool meets_itself = false;  ///< two of its packets use a link
  };
  Pattern simulate_one(std::vector<Packet> packets) const;
  bool undisturbed(const Pattern& pattern) const;
  std::vector<StepPace> measure(const std::vector<StepFlow>& flows) const;
  const std::vector<StepPace>& paces_of(const std::vector<StepFlow>& sorted);
  bool meet(PatternId a, PatternId b) const;

  MeshSettings settings_;
  IdVector<PatternId, Pattern> patterns_;
  std::unordered_map<std::vector<std::int64_t>, PatternId, boost::hash<std::vector<std::int64_t>>> ids_;
  std::unordered_map<std::vector<std::int64_t>, std::vector<StepPace>, boost::hash<std::vector<std::int64_t>>> paces_;
};

}  // namespace loopsim
