#include "tests/support/RandomTree.hpp"

#include <algorithm>
#include <map>

namespace loopsim {

namespace {

/// Memories of the levels 0 and 1; what lies below belongs to the PE array.
constexpr int dram = 0;
constexpr int global_buffer = 1;

class TreeDrawer {
 public:
  TreeDrawer(Choices& choices, const RandomTreeLimits& limits, const EinsumGraph& graph)
      : choices_(choices), limits_(limits), graph_(graph), compute_level_(choices.chance(50) ? 3 : 2) {}

  std::size_t levels() const { return static_cast<std::size_t>(compute_level_) + 1; }

  LoopTree draw() {
    LoopTree tree;
    Path path;
    std::vector<TensorId> outer;
    for (std::size_t t = 0; t < graph_.tensors.size(); ++t) {
      const Tensor& tensor = graph_.tensors[TensorId(t)];
      if (is_intermediate(tensor) ? choices_.chance(15) : !choices_.chance(8)) {
        outer.push_back(TensorId(t));
      } else if (tensor.readers.empty()) {
        // Below loops over the reduction the sums would be given up half done.
        store(tree.nodes, path, {TensorId(t)}, global_buffer);
      }
    }
    store(tree.nodes, path, outer, dram);
    add_group(tree.nodes, path, topological_order(graph_));
    return tree;
  }

 private:
  /// What lies above a position.
  struct Path {
    std::map<TensorId, int> stored;        ///< innermost level so far
    bool in_array = false;                 ///< below a spatial loop over the PEs
    std::map<RankId, Coordinate> extents;  ///< of the ranks that have been tiled
  };

  void store(LoopTreeBranch& nodes, Path& path, const std::vector<TensorId>& tensors, int level) {
    StorageSpec storage;
    storage.target = std::to_string(level);
    for (TensorId tensor : tensors) {
      storage.tensors.push_back(graph_.tensors[tensor].name);
      storage.tensors_where.emplace_back();
      path.stored[tensor] = level;
    }
    if (tensors.empty()) return;
    storage.exploits_reuse = !(limits_.inner_storage && choices_.chance(8));
    nodes.push_back({{}, std::move(storage)});
  }

  void add_loop(LoopTreeBranch& nodes, Path& path, EinsumId head, bool spatial) {
    const RankId id = choices_.of(graph_.einsums[head].ranks);
    const Rank& rank = graph_.ranks[id];
    const Coordinate extent = path.extents.emplace(id, rank.high - rank.low).first->second;
    LoopSpec loop;
    loop.kind = spatial ? LoopSpec::Kind::spatial : LoopSpec::Kind::temporal;
    loop.rank = rank.name;
    if (choices_.chance(15)) {
      loop.factor = choices_.between(1, 4);
    } else {
      // The lower the number the fewer the tiles.
      loop.tile_shape = extent - static_cast<Coordinate>(choices_.below(static_cast<std::size_t>(extent)));
    }
    path.extents[id] = loop.tile_shape.value_or((extent + loop.factor.value_or(1) - 1) / loop.factor.value_or(1));
    nodes.push_back({{}, std::move(loop)});
  }

  std::vector<TensorId> tensors_of(const std::vector<EinsumId>& group) const {
    std::vector<TensorId> result;
    const auto add = [&](TensorId tensor) {
      if (std::find(result.begin(), result.end(), tensor) == result.end()) result.push_back(tensor);
    };
    for (EinsumId e : group) {
      for (const TensorAccess& input : graph_.einsums[e].inputs) add(input.tensor);
      add(graph_.einsums[e].output.tensor);
    }
    return result;
  }

  /// Einsums whose output no other of the group reads.
  std::vector<EinsumId> heads_of(const std::vector<EinsumId>& group) const {
    std::vector<EinsumId> heads;
    for (EinsumId e : group) {
      const auto& readers = graph_.tensors[graph_.einsums[e].output.tensor].readers;
      const bool read = std::any_of(readers.begin(), readers.end(), [&](EinsumId reader) {
        return std::find(group.begin(), group.end(), reader) != group.end();
      });
      if (!read) heads.push_back(e);
    }
    return heads;
  }

  /// Storage nodes where none is needed.
  void maybe_store(LoopTreeBranch& nodes, Path& path, const std::vector<EinsumId>& group) {
    for (TensorId tensor : tensors_of(group)) {
      const auto found = path.stored.find(tensor);
      const bool stored = found != path.stored.end();
      const int above = stored ? found->second : dram;
      if (!choices_.chance(stored && above > dram ? (limits_.inner_storage ? 12 : 0) : 30)) continue;
      int level = global_buffer;
      if (choices_.chance(8)) level = dram;
      // A tensor whose only storage is inside the array would come from nowhere.
      if (stored && compute_level_ > 2 && choices_.chance(group.size() == 1 ? 50 : 4)) level = 2;
      level = std::max(level, above);
      if (level == 2 && !path.in_array && !limits_.array_storage_above_buffers) {
        if (group.size() > 1) continue;
        store_missing(nodes, path, group);
        path.in_array = true;
      }
      if (path.in_array && level < 2) continue;
      if (limits_.inner_storage || level > above) store(nodes, path, {tensor}, level);
    }
  }

  void store_missing(LoopTreeBranch& nodes, Path& path, const std::vector<EinsumId>& group) {
    for (TensorId tensor : tensors_of(group)) {
      if (path.stored.count(tensor) == 0) store(nodes, path, {tensor}, global_buffer);
    }
  }

  void add_group(LoopTreeBranch& nodes, Path path, const std::vector<EinsumId>& group) {
    const std::vector<EinsumId> heads = heads_of(group);
    const bool leaf = group.size() == 1;
    const std::size_t loops = heads.size() > 1 ? 0 : choices_.below(leaf ? 5 : 4);
    for (std::size_t i = 0; i < loops; ++i) {
      maybe_store(nodes, path, group);
      bool spatial = choices_.chance(leaf ? 25 : 7);
      if (spatial && !(limits_.several_buffers && choices_.chance(leaf ? 20 : 100))) {
        // From here on only the PEs' own buffers.
        if (leaf) {
          store_missing(nodes, path, group);
          path.in_array = true;
        }
        spatial = leaf;
      }
      add_loop(nodes, path, heads.front(), spatial);
    }
    maybe_store(nodes, path, group);
    if (leaf) {
      store_missing(nodes, path, group);
      ComputeSpec compute;
      compute.einsum = graph_.einsums[group.front()].name;
      compute.target = std::to_string(compute_level_);
      nodes.push_back({{}, std::move(compute)});
      return;
    }
    const std::vector<std::vector<EinsumId>> parts = split(group);
    for (TensorId tensor : tensors_of(group)) {
      if (!is_intermediate(graph_.tensors[tensor]) || path.stored.count(tensor) != 0) continue;
      const auto uses = [&](const std::vector<EinsumId>& part) {
        const std::vector<TensorId> tensors = tensors_of(part);
        return std::find(tensors.begin(), tensors.end(), tensor) != tensors.end();
      };
      if (std::count_if(parts.begin(), parts.end(), uses) > 1) store(nodes, path, {tensor}, global_buffer);
    }
    BranchSpec branch;
    if (limits_.pipelines && choices_.chance(50)) branch.kind = BranchSpec::Kind::pipeline;
    for (const std::vector<EinsumId>& part : parts) {
      branch.branches.emplace_back();
      add_group(branch.branches.back(), path, part);
    }
    nodes.push_back({{}, std::move(branch)});
  }

  std::vector<std::vector<EinsumId>> split(const std::vector<EinsumId>& group) {
    std::vector<std::vector<EinsumId>> parts{{group.front()}};
    for (std::size_t i = 1; i < group.size(); ++i) {
      const bool last_chance = i + 1 == group.size() && parts.size() == 1;
      if (!limits_.nested_branches || last_chance || !choices_.chance(30)) parts.emplace_back();
      parts.back().push_back(group[i]);
    }
    return parts;
  }

  Choices& choices_;
  RandomTreeLimits limits_;
  const EinsumGraph& graph_;
  int compute_level_;
};

}  // namespace

RandomCase random_case(Choices& choices, const RandomTreeLimits& limits) {
  RandomCase random;
  random.graph = random_graph(choices, limits.graph);
  TreeDrawer drawer(choices, limits, random.graph);
  random.architecture = ideal_architecture(drawer.levels());
  random.tree = drawer.draw();
  return random;
}

}  // namespace loopsim
