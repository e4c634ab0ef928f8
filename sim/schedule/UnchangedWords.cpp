#include "sim/schedule/UnchangedWords.hpp"

#include <algorithm>
#include <map>

#include "mapping/sets/Projection.hpp"
#include "mapping/tiles/TileStream.hpp"

namespace loopsim {

namespace {

/// More iterations than this are not looked at; the loops then count as changing what they reach.
constexpr std::size_t most_iterations = 1 << 16;

/// A loop and a tensor that depends on its rank, stored below it.
struct StillLoop {
  std::size_t node = 0;  ///< position among the nodes
  TensorId tensor;
  std::vector<const TensorAccess*> accesses;
  std::size_t index = 0;                              ///< position of the loop among the indices
  std::map<std::vector<Coordinate>, PointSet> first;  ///< words by all other indices
};

std::vector<StillLoop> candidates(const BoundTree& tree, EinsumId einsum, const std::vector<NodeId>& nodes,
                                  const std::vector<bool>& iterates) {
  std::vector<StillLoop> result;
  const PointSet space(operation_space(tree.graph, einsum));
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    const BoundNode& storage = tree.nodes[nodes[n]];
    if (storage.kind != NodeKind::storage) continue;
    std::vector<const TensorAccess*> accesses;
    bool padded = false;
    for (const TensorAccess* access : accesses_of(tree.graph.einsums[einsum])) {
      if (access->tensor != storage.tensor) continue;
      accesses.push_back(access);
      padded |= !includes(tree.tensors[access->tensor].extent, image(*access, space));
    }
    if (!padded || !tree.zero_padding) continue;
    for (std::size_t i = 0; i < n; ++i) {
      const BoundNode& loop = tree.nodes[nodes[i]];
      const bool counts = loop.kind == NodeKind::temporal && iterates[i] &&
                          std::any_of(accesses.begin(), accesses.end(),
                                      [&](const TensorAccess* access) { return depends_on(*access, loop.rank); });
      if (counts) result.push_back({i, storage.tensor, accesses, 0, {}});
    }
  }
  return result;
}

/// False once the words differ from those of another iteration of the loop.
bool stays(const BoundTree& tree, StillLoop& candidate, std::vector<Coordinate> indices, const PointSet& operations) {
  PointSet words;
  for (const TensorAccess* access : candidate.accesses) words.unite(touched_words(tree, *access, operations));
  indices.erase(indices.begin() + static_cast<std::ptrdiff_t>(candidate.index));
  const auto [first, added] = candidate.first.try_emplace(std::move(indices), words);
  return added || first->second == words;
}

}  // namespace

std::vector<std::vector<TensorId>> unchanged_words(const BoundTree& tree, EinsumId einsum,
                                                   const std::vector<NodeId>& nodes,
                                                   const std::vector<bool>& iterates) {
  std::vector<std::vector<TensorId>> result(nodes.size());
  std::vector<StillLoop> open = candidates(tree, einsum, nodes, iterates);
  if (open.empty()) return result;
  TileStream stream(tree, nodes.back(), {einsum});
  const std::vector<NodeId>& indices = stream.index_nodes();
  for (StillLoop& candidate : open) {
    candidate.index =
        static_cast<std::size_t>(std::find(indices.begin(), indices.end(), nodes[candidate.node]) - indices.begin());
  }
  for (std::size_t count = 0; !open.empty() && stream.next(); ++count) {
    if (count == most_iterations) return result;
    const PointSet& operations = stream.operations(einsum);
    if (operations.empty()) continue;
    open.erase(
        std::remove_if(open.begin(), open.end(),
                       [&](StillLoop& candidate) { return !stays(tree, candidate, stream.indices(), operations); }),
        open.end());
  }
  for (const StillLoop& candidate : open) result[candidate.node].push_back(candidate.tensor);
  return result;
}

}  // namespace loopsim
