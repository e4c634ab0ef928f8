#pragma once

#include <map>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// The loops between two branch nodes (or the root and a branch, or a branch and a compute node) with the einsums they
/// tile together: the unit of tile inference. See TileStream.
class SegmentWalker {
 public:
  /// `loops` from the outside in; `first_index` = number of indices above the first of them.
  /// Inference runs for `wanted` and the consumers they depend on; with `infer` false only the head is followed.
  SegmentWalker(const BoundTree& tree, std::vector<NodeId> loops, std::vector<EinsumId> group, EinsumId head,
                std::vector<EinsumId> wanted, std::size_t first_index, bool infer);

  /// Starts over inside a new tile of the group: operations of every einsum that `needed()` lists.
  void restart(std::map<EinsumId, PointSet> tile);
  bool next();

  const std::vector<Coordinate>& indices() const { return indices_; }
  const std::map<EinsumId, PointSet>& tiles() const { return tiles_; }
  /// Einsums whose tile must be given to `restart`.
  const std::vector<EinsumId>& needed() const { return needed_; }

 private:
  /// What prior iterations required of an intermediate, as far as its retention reaches back.
  struct Retained {
    TensorId tensor;
    EinsumId producer;
    std::vector<EinsumId> consumers;  ///< in the group
    bool read_outside = false;        ///< by an einsum of another group
    bool retains = false;
    std::size_t level = 0;            ///< number of this segment's loops above the storage node
    PointSet previous;                ///< iteration t_k - 1, rest free
    PointSet current;                 ///< t_1..k, earlier in the rest
    std::vector<Coordinate> indices;  ///< of the last update
  };

  bool advance_loops();
  bool enter(std::size_t depth, Coordinate from);
  bool is_last() const;
  /// Does another group read what an einsum of this one makes in this tile?
  bool makes_for_others() const;
  void infer_tiles();
  PointSet required_words(const Retained& retained) const;
  void age(Retained& retained) const;

  const BoundTree* tree_;
  std::vector<NodeId> loops_;
  std::vector<EinsumId> group_;
  std::vector<EinsumId> needed_;
  EinsumId head_;
  bool infer_;
  bool started_ = false;
  std::map<EinsumId, PointSet> whole_;  ///< the group's tile around this segment
  std::vector<PointSet> slices_;        ///< head's operations at each depth
  std::vector<Coordinate> indices_;
  std::vector<EinsumId> unread_;    ///< needed einsums that no einsum of the group reads
  std::vector<Retained> retained_;  ///< consumers before producers
  std::map<EinsumId, PointSet> tiles_;
};

}  // namespace loopsim
