#pragma once

#include <vector>

#include "sim/buffers/BufferState.hpp"
#include "sim/buffers/Plan.hpp"
#include "sim/buffers/ReductionEdges.hpp"

namespace loopsim {

/// Works out what a tile operation needs of the buffers against what they hold: words to allocate, to fetch, to begin
/// and to finish, for every storage node of its tensors.
class TilePlanner {
 public:
  TilePlanner(const BoundTree& tree, const Schedule& schedule, const std::vector<HoldingNode>& nodes);

  Plan plan(const TileOperation& operation, BufferState& state) const;

 private:
  std::vector<HoldingIndex> chain_of(TensorId tensor, LeafIndex leaf) const;
  std::vector<Plan::Lane> needs(const TileOperation& operation, const TensorAccess& access, bool output) const;
  void plan_access(const TileOperation& operation, const TensorAccess& access, bool output, BufferState& state,
                   Plan& plan) const;
  void plan_lane(const Plan::Entry& entry, Plan::Lane& lane, BufferState& state, Plan& plan) const;
  void plan_sources(std::size_t first_entry, bool output, BufferState& state, Plan& plan) const;
  std::vector<LaneWords> touched_by_instance(HoldingIndex node, const TileOperation& operation) const;

  const BoundTree* tree_;
  const Schedule* schedule_;
  const std::vector<HoldingNode>* nodes_;
  std::vector<ReductionEdges> edges_;  ///< by leaf
};

}  // namespace loopsim
