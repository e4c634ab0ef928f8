#include "tests/models/looptree/DenseTree.hpp"

#include <algorithm>
#include <map>

namespace loopsim {

namespace {

class DenseDrawer {
 public:
  DenseDrawer(Choices& choices, const EinsumGraph& graph, std::size_t spatial_percent)
      : choices_(choices), graph_(graph), spatial_percent_(spatial_percent), innermost_(choices.between(1, 2)) {}

  std::size_t levels() const { return static_cast<std::size_t>(innermost_) + 2; }

  LoopTree draw() {
    LoopTree tree;
    std::map<TensorId, std::int64_t> stored;
    for (std::size_t t = 0; t < graph_.tensors.size(); ++t) {
      const bool outside = is_intermediate(graph_.tensors[TensorId(t)]) ? choices_.chance(15) : !choices_.chance(30);
      if (!outside) continue;
      tree.nodes.push_back(storage(0, TensorId(t)));
      stored[TensorId(t)] = 0;
    }
    spatial_above_branches_ = choices_.chance(50);
    const LoopTreeBranch rest = branch(topological_order(graph_), stored);
    tree.nodes.insert(tree.nodes.end(), rest.begin(), rest.end());
    return tree;
  }

 private:
  LoopTreeNode storage(std::int64_t level, TensorId tensor) {
    StorageSpec spec;
    spec.target = std::to_string(level);
    spec.tensors = {graph_.tensors[tensor].name};
    spec.tensors_where.resize(1);
    spec.exploits_reuse = !choices_.chance(15);
    return {{}, std::move(spec)};
  }

  LoopTreeNode loop(EinsumId einsum, bool spatial_allowed) {
    const Rank& rank = graph_.ranks[choices_.of(graph_.einsums[einsum].ranks)];
    LoopSpec spec;
    spec.rank = rank.name;
    const Coordinate extent = rank.high - rank.low;
    if (choices_.chance(20)) {
      spec.factor = choices_.between(1, extent);
    } else {
      spec.tile_shape = choices_.chance(50) ? 1 : choices_.between(1, extent);
    }
    if (spatial_allowed && choices_.chance(spatial_percent_)) spec.kind = LoopSpec::Kind::spatial;
    return {{}, std::move(spec)};
  }

  /// Inserts storage nodes of one tensor, outer levels first, at random places.
  void insert(LoopTreeBranch& nodes, TensorId tensor, const std::vector<std::int64_t>& at_levels) {
    std::size_t at = 0;
    for (std::int64_t level : at_levels) {
      at += choices_.below(nodes.size() - at + 1);
      nodes.insert(nodes.begin() + static_cast<std::ptrdiff_t>(at), storage(level, tensor));
      ++at;
    }
  }

  std::vector<TensorId> tensors_of(const std::vector<EinsumId>& group) const {
    std::vector<TensorId> tensors;
    for (EinsumId e : group) {
      for (const TensorAccess* access : accesses_of(graph_.einsums[e])) tensors.push_back(access->tensor);
    }
    std::sort(tensors.begin(), tensors.end());
    tensors.erase(std::unique(tensors.begin(), tensors.end()), tensors.end());
    return tensors;
  }

  LoopTreeBranch leaf(EinsumId einsum, const std::map<TensorId, std::int64_t>& stored) {
    LoopTreeBranch nodes;
    const std::size_t loops = choices_.below(7);
    for (std::size_t i = 0; i < loops; ++i) nodes.push_back(loop(einsum, true));
    for (TensorId tensor : tensors_of({einsum})) {
      const auto known = stored.find(tensor);
      std::int64_t level = known == stored.end() ? 0 : known->second;
      std::vector<std::int64_t> at_levels;
      if (known == stored.end()) at_levels.push_back(level = choices_.between(0, innermost_));
      while (at_levels.size() < 3 && choices_.chance(40)) {
        at_levels.push_back(level = choices_.between(level, innermost_));
      }
      insert(nodes, tensor, at_levels);
    }
    ComputeSpec compute;
    compute.einsum = graph_.einsums[einsum].name;
    compute.target = std::to_string(innermost_ + 1);
    nodes.push_back({{}, std::move(compute)});
    return nodes;
  }

  /// The einsum that no other of the group reads, if there is one alone.
  std::optional<EinsumId> only_head(const std::vector<EinsumId>& group) const {
    std::vector<EinsumId> heads;
    for (EinsumId e : group) {
      const std::vector<EinsumId>& readers = graph_.tensors[graph_.einsums[e].output.tensor].readers;
      const bool read = std::any_of(readers.begin(), readers.end(), [&](EinsumId reader) {
        return std::find(group.begin(), group.end(), reader) != group.end();
      });
      if (!read) heads.push_back(e);
    }
    if (heads.size() != 1) return std::nullopt;
    return heads.front();
  }

  LoopTreeBranch branch(const std::vector<EinsumId>& group, std::map<TensorId, std::int64_t> stored) {
    if (group.size() == 1) return leaf(group.front(), stored);
    LoopTreeBranch nodes;
    if (const auto head = only_head(group)) {
      const std::size_t loops = choices_.below(4);
      for (std::size_t i = 0; i < loops; ++i) nodes.push_back(loop(*head, spatial_above_branches_));
    }
    for (TensorId tensor : tensors_of(group)) {
      const auto known = stored.find(tensor);
      const bool intermediate = is_intermediate(graph_.tensors[tensor]);
      std::int64_t level = known == stored.end() ? 0 : known->second;
      std::vector<std::int64_t> at_levels;
      if (known == stored.end() && (intermediate || choices_.chance(70))) {
        at_levels.push_back(level = choices_.between(intermediate ? 1 : 0, innermost_));
      }
      if (choices_.chance(25)) at_levels.push_back(level = choices_.between(level, innermost_));
      insert(nodes, tensor, at_levels);
      if (!at_levels.empty()) stored[tensor] = level;
    }
    BranchSpec fork;
    if (choices_.chance(50)) fork.kind = BranchSpec::Kind::pipeline;
    for (std::size_t i = 0; i < group.size();) {
      const std::size_t count = group.size() > 2 && i + 1 < group.size() && choices_.chance(40) ? 2 : 1;
      const auto first = group.begin() + static_cast<std::ptrdiff_t>(i);
      fork.branches.push_back(branch({first, first + static_cast<std::ptrdiff_t>(count)}, stored));
      i += count;
    }
    nodes.push_back({{}, std::move(fork)});
    return nodes;
  }

  Choices& choices_;
  const EinsumGraph& graph_;
  std::size_t spatial_percent_;
  std::int64_t innermost_;  ///< level of the innermost memory
  bool spatial_above_branches_ = false;
};

}  // namespace

std::optional<BoundTree> dense_tree(Choices& choices, const EinsumGraph& graph, std::size_t spatial_percent) {
  DenseDrawer drawer(choices, graph, spatial_percent);
  const LoopTree tree = drawer.draw();
  Diagnostics diagnostics;
  try {
    return bind_mapping(graph, ideal_architecture(drawer.levels()), tree, {}, diagnostics);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace loopsim
