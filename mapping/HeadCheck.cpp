#include "mapping/HeadCheck.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/NameList.hpp"

namespace loopsim {

namespace {

/// Einsums under a node whose output no other einsum under it reads.
std::vector<EinsumId> heads_under(const BoundTree& tree, NodeId id) {
  const std::vector<EinsumId>& group = tree.nodes[id].einsums;
  std::vector<EinsumId> heads;
  for (EinsumId e : group) {
    const Tensor& output = tree.graph.tensors[tree.graph.einsums[e].output.tensor];
    const bool read = std::any_of(output.readers.begin(), output.readers.end(), [&](EinsumId reader) {
      return std::find(group.begin(), group.end(), reader) != group.end();
    });
    if (!read) heads.push_back(e);
  }
  return heads;
}

/// The nodes of one list of the mapping share its last node: a branch or a compute node.
NodeId end_of_list(const BoundTree& tree, NodeId id) {
  while (!is_branch(tree.nodes[id].kind) && tree.nodes[id].kind != NodeKind::compute)
    id = tree.nodes[id].children.front();
  return id;
}

std::string ranks_of(const BoundTree& tree, EinsumId einsum) {
  std::string text;
  for (const RankId rank : tree.graph.einsums[einsum].ranks) {
    text += (text.empty() ? "" : ", ") + tree.graph.ranks[rank].name;
  }
  return text;
}

/// Does some chain of tensors lead from one einsum to another?
bool feeds(const EinsumGraph& graph, EinsumId from, EinsumId to) {
  std::set<EinsumId> seen = {from};
  std::vector<EinsumId> next = {from};
  while (!next.empty()) {
    const EinsumId einsum = next.back();
    next.pop_back();
    for (const EinsumId reader : graph.tensors[graph.einsums[einsum].output.tensor].readers) {
      if (reader == to) return true;
      if (seen.insert(reader).second) next.push_back(reader);
    }
  }
  return false;
}

/// The rank of `head` that runs along the same dimension as a rank of a producer: of Conv2's P2 + R2 the longer one.
std::optional<RankId> rank_alike(const EinsumGraph& graph, EinsumId producer, RankId rank, EinsumId head) {
  if (producer == head) return rank;
  const TensorAccess& output = graph.einsums[producer].output;
  for (std::size_t d = 0; d < output.projection.size(); ++d) {
    const auto& written = output.projection[d].terms;
    if (written.size() != 1 || graph.einsums[producer].ranks[written.front().rank] != rank) continue;
    for (const EinsumId reader : graph.tensors[output.tensor].readers) {
      if (reader != head && !feeds(graph, reader, head)) continue;
      for (const TensorAccess& input : graph.einsums[reader].inputs) {
        if (input.tensor != output.tensor) continue;
        std::optional<RankId> longest;
        const auto extent = [&](RankId r) { return graph.ranks[r].high - graph.ranks[r].low; };
        for (const AffineTerm& term : input.projection[d].terms) {
          const RankId candidate = graph.einsums[reader].ranks[term.rank];
          if (!longest || extent(candidate) > extent(*longest)) longest = candidate;
        }
        if (longest) return rank_alike(graph, reader, *longest, head);
      }
    }
  }
  return std::nullopt;
}

/// Loops of one list that tile the ranks of one einsum, which is not the head.
struct Strays {
  EinsumId used;
  EinsumId head;
  NodeId end;
  std::vector<NodeId> loops;
  bool all = true;  ///< no other loop is in the list
};

class HeadCheck {
 public:
  HeadCheck(const BoundTree& tree, Diagnostics& diagnostics) : tree_(tree), diagnostics_(diagnostics) {}

  void run() {
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i) {
      if (is_loop(tree_.nodes[NodeId(i)].kind)) visit(NodeId(i));
    }
    for (const auto& [end, loops] : several_heads_) report_several_heads(loops);
    for (auto& [key, strays] : strays_) {
      strays.all = strays.loops.size() == loops_in_list_[strays.end];
    }
    for (const auto& [key, strays] : strays_) report(strays);
  }

 private:
  const std::string& name(EinsumId einsum) const { return tree_.graph.einsums[einsum].name; }
  std::string rank_name(NodeId loop) const {
    const BoundNode& node = tree_.nodes[loop];
    return tree_.graph.ranks[tree_.graph.einsums[node.head].ranks[node.rank]].name;
  }

  void visit(NodeId id) {
    const NodeId end = end_of_list(tree_, id);
    ++loops_in_list_[end];
    const std::vector<EinsumId> heads = heads_under(tree_, id);
    if (heads.size() > 1) {
      several_heads_[end].push_back(id);
      return;
    }
    const EinsumId used = tree_.nodes[id].head;
    if (heads.front() == used) return;
    Strays& strays = strays_[{end, used}];
    strays.used = used;
    strays.head = heads.front();
    strays.end = end;
    strays.loops.push_back(id);
  }

  void report_several_heads(const std::vector<NodeId>& loops) {
    std::vector<std::string> names;
    for (const EinsumId einsum : heads_under(tree_, loops.front())) names.push_back(name(einsum));
    diagnostics_.error(
        tree_.nodes[loops.front()].where,
        fmt::format(
            "cannot tile a group with {} heads ({}): no einsum below reads their outputs, so the "
            "tile of one does not follow from the other; put such a loop into each branch, over ranks of its own",
            names.size(), list_names(names)));
  }

  void report(const Strays& strays) {
    if (tree_.nodes[strays.end].kind == NodeKind::compute) {
      report_at_compute(strays);
    } else {
      report_above_branch(strays);
    }
  }

  /// "rank 'P1' belongs", or "ranks 'P1', 'M1' and 'C1' belong" where several loops go astray.
  std::string subject(const Strays& strays) const {
    std::vector<std::string> names;
    for (const NodeId loop : strays.loops) {
      if (std::find(names.begin(), names.end(), rank_name(loop)) == names.end()) names.push_back(rank_name(loop));
    }
    return fmt::format("{} {} belong{}", names.size() == 1 ? "rank" : "ranks", list_names(names),
                       names.size() == 1 ? "s" : "");
  }

  /// Each list's loops tile the ranks of the other one's einsum.
  bool swapped_with(const Strays& strays) const {
    const auto other = strays_.find({tree_.compute_node[strays.used], strays.head});
    return strays.all && other != strays_.end() && other->second.all &&
           other->second.end == tree_.compute_node[strays.used];
  }

  void report_at_compute(const Strays& strays) {
    const BoundNode& compute = tree_.nodes[strays.end];
    if (swapped_with(strays)) {
      if (tree_.compute_node[strays.used] < strays.end) return;  // told at the other one
      diagnostics_.error(compute.where,
                         fmt::format("the compute nodes of '{}' and '{}' are swapped: the loops above "
                                     "this one tile ranks of '{}', those above the other tile ranks "
                                     "of '{}'",
                                     name(strays.head), name(strays.used), name(strays.used), name(strays.head)));
      diagnostics_.note(tree_.nodes[tree_.compute_node[strays.used]].where,
                        fmt::format("the compute node of '{}'", name(strays.used)));
      return;
    }
    diagnostics_.error(
        tree_.nodes[strays.loops.front()].where,
        fmt::format("{} to '{}', but the compute node at the end of this list is that of '{}', whose "
                    "ranks are {}",
                    subject(strays), name(strays.used), name(strays.head), ranks_of(tree_, strays.head)));
  }

  void report_above_branch(const Strays& strays) {
    const BoundNode& branch = tree_.nodes[strays.end];
    const auto is_below = [&](EinsumId einsum) {
      return std::find(branch.einsums.begin(), branch.einsums.end(), einsum) != branch.einsums.end();
    };
    const bool reversed = is_below(strays.used) && feeds(tree_.graph, strays.used, strays.head) &&
                          child_towards(tree_, strays.end, strays.used) > child_towards(tree_, strays.end, strays.head);
    const SourcePosition& where = tree_.nodes[strays.loops.front()].where;
    if (reversed) {
      const TensorAccess& output = tree_.graph.einsums[strays.used].output;
      diagnostics_.error(
          where,
          fmt::format("producer and consumer are swapped: {} to '{}', which comes after '{}' in this "
                      "tree, but by the problem '{}' is the last, as it reads what '{}' writes",
                      subject(strays), name(strays.used), name(strays.head), name(strays.head), name(strays.used)));
      diagnostics_.note(output.where,
                        fmt::format("'{}' writes '{}' (read_write); mark the outputs in the problem anew, or put the "
                                    "branch of '{}' first and tile {} above the branches",
                                    name(strays.used), tree_.graph.tensors[output.tensor].name, name(strays.used),
                                    ranks_of(tree_, strays.head)));
      return;
    }
    const BoundNode& first = tree_.nodes[strays.loops.front()];
    const RankId rank = tree_.graph.einsums[first.head].ranks[first.rank];
    const auto alike = is_below(strays.used) ? rank_alike(tree_.graph, strays.used, rank, strays.head) : std::nullopt;
    diagnostics_.error(
        where,
        fmt::format("{} to '{}', but the einsums below are tiled by the ranks of their last one, '{}' ({}); the "
                    "tiles of the earlier ones are inferred{}",
                    subject(strays), name(strays.used), name(strays.head), ranks_of(tree_, strays.head),
                    alike ? fmt::format(". Tile '{}' instead, which runs along '{}' of '{}'",
                                        tree_.graph.ranks[*alike].name, tree_.graph.ranks[rank].name, name(strays.used))
                          : ""));
  }

  const BoundTree& tree_;
  Diagnostics& diagnostics_;
  std::map<NodeId, std::size_t> loops_in_list_;  ///< by the end of the list
  std::map<NodeId, std::vector<NodeId>> several_heads_;
  std::map<std::pair<NodeId, EinsumId>, Strays> strays_;
};

}  // namespace

void check_heads(const BoundTree& tree, Diagnostics& diagnostics) {
  HeadCheck(tree, diagnostics).run();
}

}  // namespace loopsim
