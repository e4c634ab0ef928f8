#include "mapping/StorageCheck.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/NameList.hpp"

namespace loopsim {

namespace {

const std::string& name_of_level(const BoundTree& tree, NodeId node) {
  return level_name(tree.architecture, tree.nodes[node].level);
}

bool uses(const Einsum& einsum, TensorId tensor) {
  const auto accesses = accesses_of(einsum);
  return std::any_of(accesses.begin(), accesses.end(), [&](const TensorAccess* a) { return a->tensor == tensor; });
}

void report_idle_nodes(const BoundTree& tree, Diagnostics& diagnostics) {
  for (const BoundNode& node : tree.nodes) {
    if (node.kind != NodeKind::storage) continue;
    const bool used = std::any_of(node.einsums.begin(), node.einsums.end(),
                                  [&](EinsumId e) { return uses(tree.graph.einsums[e], node.tensor); });
    if (used) continue;
    diagnostics.warning(node.where, fmt::format("no einsum below this storage node uses '{}'; the node has no effect",
                                                tree.graph.tensors[node.tensor].name));
  }
}

/// Outer levels come first along a path. Nodes that one list of tensors makes are one mistake. True if all is well.
bool check_order_of_levels(const BoundTree& tree, Diagnostics& diagnostics) {
  std::map<std::pair<LevelId, LevelId>, std::set<std::pair<NodeId, NodeId>>> turned;
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    for (const TensorAccess* access : accesses_of(tree.graph.einsums[EinsumId(e)])) {
      const std::vector<NodeId> chain = storage_chain(tree, EinsumId(e), access->tensor);
      for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        const LevelId above = tree.nodes[chain[i]].level;
        const LevelId below = tree.nodes[chain[i + 1]].level;
        if (below < above) turned[{above, below}].emplace(chain[i + 1], chain[i]);
      }
    }
  }
  for (const auto& [levels, nodes] : turned) {
    const auto& [below, above] = *nodes.begin();
    std::vector<std::string> names;
    for (const auto& pair : nodes) names.push_back(tree.graph.tensors[tree.nodes[pair.first].tensor].name);
    const bool one = names.size() == 1;
    diagnostics.error(tree.nodes[below].where,
                      fmt::format("{} {} stored in '{}' below a node that stores {} in '{}'; levels must go inwards",
                                  list_names(names), one ? "is" : "are", name_of_level(tree, below),
                                  one ? "it" : "them", name_of_level(tree, above)));
    diagnostics.note(tree.nodes[above].where,
                     fmt::format("the node that stores {} in '{}'; swap the targets of the two, or the nodes",
                                 one ? "it" : "them", name_of_level(tree, above)));
  }
  return turned.empty();
}

/// All levels come before the compute level.
void check_innermost(const BoundTree& tree, EinsumId einsum, TensorId tensor, Diagnostics& diagnostics) {
  const std::vector<NodeId> chain = storage_chain(tree, einsum, tensor);
  const BoundNode& compute = tree.nodes[tree.compute_node[einsum]];
  const std::string& name = tree.graph.tensors[tensor].name;
  if (tree.nodes[chain.back()].level < compute.level) return;
  diagnostics.error(compute.where,
                    fmt::format("'{}' computes at level '{}' but '{}' is stored at '{}'; compute must be the innermost",
                                tree.graph.einsums[einsum].name, level_name(tree.architecture, compute.level), name,
                                name_of_level(tree, chain.back())));
}

/// An intermediate must be stored above the point where its producer's and consumer's paths part.
void check_common_node(const BoundTree& tree, EinsumId einsum, TensorId id, Diagnostics& diagnostics) {
  const Tensor& tensor = tree.graph.tensors[id];
  if (!is_intermediate(tensor) || *tensor.writer == einsum) return;
  const std::vector<NodeId> produced = storage_chain(tree, *tensor.writer, id);
  const std::vector<NodeId> consumed = storage_chain(tree, einsum, id);
  if (produced.empty() || consumed.empty() || produced.front() == consumed.front()) return;
  diagnostics.error(
      tree.nodes[consumed.front()].where,
      fmt::format(
          "intermediate '{}' has no storage node above both '{}', which writes it, and '{}', which reads it; add "
          "one above the branch where their paths part",
          tensor.name, tree.graph.einsums[*tensor.writer].name, tree.graph.einsums[einsum].name));
}

/// What the workload takes from outside or gives away lies in the outermost memory, if its traffic is to be counted.
void report_not_outermost(const BoundTree& tree, Diagnostics& diagnostics) {
  std::set<TensorId> tensors;
  std::optional<NodeId> first;
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    for (const TensorAccess* access : accesses_of(tree.graph.einsums[EinsumId(e)])) {
      if (tree.tensors[access->tensor].intermediate) continue;
      const NodeId outermost = storage_chain(tree, EinsumId(e), access->tensor).front();
      if (tree.nodes[outermost].level == LevelId(0)) continue;
      tensors.insert(access->tensor);
      if (!first || outermost < *first) first = outermost;
    }
  }
  if (!first) return;
  std::vector<std::string> names;
  for (const TensorId tensor : tensors) names.push_back(tree.graph.tensors[tensor].name);
  const bool one = names.size() == 1;
  const std::string& outer = level_name(tree.architecture, LevelId(0));
  diagnostics.warning(
      tree.nodes[*first].where,
      fmt::format("no storage node keeps {} in '{}', so that bringing {} from there or back costs nothing; "
                  "name {} in a storage node with 'target: 0' above all others, unless {} to lie on the chip from the "
                  "beginning",
                  list_names(names), outer, one ? "it" : "them", one ? "it" : "them", one ? "it is" : "they are"));
}

}  // namespace

void check_storage(const BoundTree& tree, Diagnostics& diagnostics) {
  report_idle_nodes(tree, diagnostics);
  bool complete = check_order_of_levels(tree, diagnostics);
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const EinsumId einsum(e);
    std::vector<std::string> missing;
    for (const TensorAccess* access : accesses_of(tree.graph.einsums[einsum])) {
      if (storage_chain(tree, einsum, access->tensor).empty()) {
        missing.push_back(tree.graph.tensors[access->tensor].name);
        continue;
      }
      check_innermost(tree, einsum, access->tensor, diagnostics);
      check_common_node(tree, einsum, access->tensor, diagnostics);
    }
    if (missing.empty()) continue;
    complete = false;
    diagnostics.error(tree.nodes[tree.compute_node[einsum]].where,
                      fmt::format("{} of einsum '{}' {} no storage node above this compute node", list_names(missing),
                                  tree.graph.einsums[einsum].name, missing.size() == 1 ? "has" : "have"));
  }
  if (complete) report_not_outermost(tree, diagnostics);
}

void check_branch_order(const BoundTree& tree, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const BoundNode& node = tree.nodes[NodeId(i)];
    if (!is_branch(node.kind)) continue;
    std::set<std::pair<std::size_t, std::size_t>> reported;
    for (const EinsumId reader : node.einsums) {
      for (const TensorAccess& input : tree.graph.einsums[reader].inputs) {
        const auto writer = tree.graph.tensors[input.tensor].writer;
        if (!writer || std::find(node.einsums.begin(), node.einsums.end(), *writer) == node.einsums.end()) continue;
        const std::size_t produced = child_towards(tree, NodeId(i), *writer);
        const std::size_t consumed = child_towards(tree, NodeId(i), reader);
        if (produced <= consumed || !reported.emplace(produced, consumed).second) continue;
        diagnostics.error(tree.nodes[node.children[consumed]].where,
                          fmt::format("this branch comes before the one that makes its data: '{}' reads '{}', which "
                                      "'{}' writes; put the branch of '{}' first",
                                      tree.graph.einsums[reader].name, tree.graph.tensors[input.tensor].name,
                                      tree.graph.einsums[*writer].name, tree.graph.einsums[*writer].name));
        diagnostics.note(tree.nodes[node.children[produced]].where,
                         fmt::format("the branch of '{}' begins here", tree.graph.einsums[*writer].name));
      }
    }
  }
}

}  // namespace loopsim
