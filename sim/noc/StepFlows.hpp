#pragma once

#include <boost/container_hash/hash.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/Ids.hpp"
#include "sim/noc/FairPeriods.hpp"
#include "sim/noc/FlowTrial.hpp"
#include "sim/noc/StepPattern.hpp"

namespace loopsim {

using PatternId = Id<struct PatternKind>;

/// The same packets every so many cycles, on meshes side by side.
struct StepFlow {
  std::vector<std::optional<PatternId>> patterns;  ///< by mesh
  Cycle period{1};                                 ///< >= 1

  friend bool operator==(const StepFlow& a, const StepFlow& b) {
    return a.patterns == b.patterns && a.period == b.period;
  }
  friend bool operator<(const StepFlow& a, const StepFlow& b) {
    return a.patterns != b.patterns ? a.patterns < b.patterns : a.period < b.period;
  }
};

/// What equal meshes side by side make of arrays that send equal packets step after step: the period in which each can
/// take its steps. Alone it is the least that is no less than its own and its busiest link's load and at which all its
/// packets keep up. Several begin with the periods that they have alone; those that fall behind are lengthened, and no
/// period shrinks again. Whether packets keep up is simulated flit by flit (FlowTrial), once for each different set of
/// flows, where links are shared.
class StepFlows {
 public:
  /// Throws std::invalid_argument for settings outside their ranges.
  explicit StepFlows(const MeshSettings& settings);

  /// At least one packet; tags are not looked at.
  PatternId intern(std::vector<RepeatedPacket> packets);
  const StepPattern& pattern(PatternId id) const { return patterns_[id]; }

  /// In the order given. Throws DeadlockError if they block each other for good.
  std::vector<Cycle> together(const std::vector<StepFlow>& flows);
  Cycle alone(const StepFlow& flow);

  /// Different sets of flows that were simulated.
  std::size_t simulated() const { return simulated_; }
  std::string link_name(LinkId link) const { return map_.link_name(link); }
  const RouterMap& map() const { return map_; }
  const MeshSettings& settings() const { return settings_; }

 private:
  using Key = std::vector<std::int64_t>;
  using KeyHash = boost::hash<Key>;
  /// What one flow sends over one mesh.
  struct PatternOffer {
    PatternId pattern;
    Cycle period{1};
  };

  Cycle least_period(const StepFlow& flow) const;
  bool undisturbed(const StepPattern& pattern) const;
  bool meet(const StepFlow& a, const StepFlow& b) const;
  FlowPace try_on(const MeshSettings& choice, const StepFlow& flow, Cycle period, const std::optional<Cycle>& best);
  std::optional<FlowPace> try_further(const MeshSettings& choice, const StepFlow& flow, Cycle period,
                                      const std::optional<Cycle>& best);
  std::vector<bool> behind_on(const std::vector<PatternOffer>& offers);
  std::vector<bool> behind(const std::vector<StepFlow>& flows, const std::vector<Cycle>& periods);
  Cycle search(const StepFlow& flow, Cycle least);
  Cycle pace_of(const StepFlow& flow);
  std::vector<LinkDemand> demands_of(const StepFlow& flow) const;
  std::vector<Cycle> periods_of(const std::vector<StepFlow>& sorted);

  MeshSettings settings_;
  RouterMap map_;
  IdVector<PatternId, StepPattern> patterns_;
  std::unordered_map<Key, PatternId, KeyHash> ids_;
  std::unordered_map<Key, Cycle, KeyHash> paces_;                 ///< of one flow each, without a period of its own
  std::unordered_map<Key, std::vector<Cycle>, KeyHash> periods_;  ///< of several that meet
  std::unordered_map<Key, std::vector<bool>, KeyHash> behind_;    ///< of several on one mesh
  std::size_t simulated_ = 0;
};

}  // namespace loopsim
