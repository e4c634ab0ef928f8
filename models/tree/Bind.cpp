#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/CheckedMath.hpp"
#include "models/layout/LineMap.hpp"
#include "models/tree/BoundTree.hpp"
#include "models/tree/Projection.hpp"
#include "models/tree/StoredBits.hpp"

namespace loopsim {

namespace {

template <class Table>
std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const auto& item : table) names.push_back(item.name);
  return names;
}

std::string suggestion(const std::string& word, const std::vector<std::string>& names) {
  if (const auto near = nearest_spelling(word, names)) return fmt::format(" (did you mean '{}'?)", *near);
  return "";
}

class Binder {
 public:
  Binder(BoundTree& tree, const std::map<int, std::string>& bindings, Diagnostics& diagnostics)
      : tree_(tree), bindings_(bindings), diagnostics_(diagnostics) {}

  void run(const LoopTree& source) {
    tree_.order = topological_order(tree_.graph);
    tree_.compute_node = IdVector<EinsumId, NodeId>(tree_.graph.einsums.size());
    mapped_.resize(tree_.graph.einsums.size());
    bind_tensors();
    add_branch(source.nodes, std::nullopt);
    for (std::size_t e = 0; e < mapped_.size(); ++e) {
      if (!mapped_[e]) {
        diagnostics_.error(source.where, fmt::format("einsum '{}' of the problem has no compute node in the mapping",
                                                     tree_.graph.einsums[EinsumId(e)].name));
      }
    }
    if (diagnostics_.has_errors()) return;
    collect_einsums();
    resolve_heads();
    if (diagnostics_.has_errors()) return;
    assign_spatial_levels();
    number_storage_nodes();
    find_reuse_levels();
    check_storage();
    check_branch_order();
  }

 private:
  void bind_tensors() {
    const EinsumGraph& graph = tree_.graph;
    for (const Tensor& tensor : graph.tensors) tree_.zero_padding |= tensor.shape.has_value();
    tree_.tensors = IdVector<TensorId, BoundTensor>(graph.tensors.size());
    for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
      const TensorId id(i);
      const Tensor& tensor = graph.tensors[id];
      BoundTensor& bound = tree_.tensors[id];
      bound.intermediate = is_intermediate(tensor);
      bound.bits = tensor.bits;
      PointSet read;
      for (EinsumId reader : tensor.readers) {
        for (const TensorAccess& input : graph.einsums[reader].inputs) {
          if (input.tensor == id) read.unite(image(input, operation_space(graph, reader)));
        }
      }
      if (tensor.writer) {
        const PointSet written = image(graph.einsums[*tensor.writer].output, operation_space(graph, *tensor.writer));
        bound.extent = tensor.readers.empty() ? written : intersect(written, read);
        if (bound.extent.empty()) {
          diagnostics_.error(
              tensor.where, fmt::format("no word of '{}' that '{}' writes is read by any einsum; check the projections",
                                        tensor.name, graph.einsums[*tensor.writer].name));
        }
      } else if (tensor.shape) {
        Box box;
        for (Coordinate extent : *tensor.shape) box.dimensions.emplace_back(0, extent);
        bound.extent = PointSet(std::move(box));
      } else {
        bound.extent = std::move(read);
      }
      bound.words = bound.extent.size();
      bind_layout(id);
    }
  }

  void bind_layout(TensorId id) {
    const Tensor& tensor = tree_.graph.tensors[id];
    BoundTensor& bound = tree_.tensors[id];
    bound.layout = row_major(tensor.dimensions.size());
    if (!tensor.layout.empty()) {
      const auto layout =
          parse_layout(tensor.layout, tensor.name, tensor.dimensions, tensor.layout_where, diagnostics_);
      if (!layout) return;
      bound.layout = *layout;
    }
    const auto& memories = tree_.architecture.memories;
    if (memories.size() <= banked_level.value || !memories[banked_level.value].banks) return;
    const MemoryLevel& buffer = memories[banked_level.value];
    const std::int64_t room = line_words(tree_, id);
    const SourcePosition& where = tensor.layout.empty() ? tensor.where : tensor.layout_where;
    if (room == 0) {
      diagnostics_.error(where, fmt::format("a word of '{}' has {} bits, a line of '{}' {}", tensor.name,
                                            word_bits(tree_, id, banked_level), buffer.name, buffer.line_bits()));
      return;
    }
    std::int64_t wanted = 1;
    for (const DataLayout::InLine& in_line : bound.layout.in_line) {
      if (wanted <= room) wanted *= in_line.words.value_or(1);
    }
    if (wanted > room) {
      diagnostics_.error(where, fmt::format("layout '{}' puts {} words of '{}' in a line; a line of '{}' ({} bits) has "
                                            "room for {}",
                                            tensor.layout, wanted, tensor.name, buffer.name, buffer.line_bits(), room));
    }
  }

  std::optional<NodeId> add(BoundNode node, std::optional<NodeId> parent) {
    node.parent = parent;
    const NodeId id = tree_.nodes.push_back(std::move(node));
    if (parent) tree_.nodes[*parent].children.push_back(id);
    return id;
  }

  void add_branch(const LoopTreeBranch& branch, std::optional<NodeId> parent) {
    for (const LoopTreeNode& source : branch) {
      if (const auto* loop = std::get_if<LoopSpec>(&source.spec)) {
        parent = add_loop(source, *loop, parent);
      } else if (const auto* storage = std::get_if<StorageSpec>(&source.spec)) {
        parent = add_storage(*storage, parent);
      } else if (const auto* fork = std::get_if<BranchSpec>(&source.spec)) {
        BoundNode node;
        node.kind = fork->kind == BranchSpec::Kind::pipeline ? NodeKind::pipeline : NodeKind::sequential;
        node.where = source.where;
        parent = add(std::move(node), parent);
        for (const LoopTreeBranch& child : fork->branches) add_branch(child, parent);
      } else {
        add_compute(source, std::get<ComputeSpec>(source.spec), parent);
      }
    }
  }

  std::optional<NodeId> add_loop(const LoopTreeNode& source, const LoopSpec& loop, std::optional<NodeId> parent) {
    BoundNode node;
    node.kind = loop.kind == LoopSpec::Kind::spatial ? NodeKind::spatial : NodeKind::temporal;
    node.where = source.where;
    node.tile_shape = loop.tile_shape;
    node.factor = loop.factor;
    node.mesh_axis = loop.mesh_axis.value_or(-1);
    const EinsumGraph& graph = tree_.graph;
    bool found = false;
    for (std::size_t r = 0; r < graph.ranks.size() && !found; ++r) {
      const Rank& rank = graph.ranks[RankId(r)];
      if (rank.name != loop.rank) continue;
      found = true;
      node.head = rank.einsum;
      const auto& ranks = graph.einsums[rank.einsum].ranks;
      node.rank = static_cast<std::size_t>(std::find(ranks.begin(), ranks.end(), RankId(r)) - ranks.begin());
      if (loop.tile_shape && *loop.tile_shape > rank.high - rank.low) {
        diagnostics_.warning(loop.shape_where,
                             fmt::format("tile shape {} is larger than rank '{}' ({}); the loop is one iteration",
                                         *loop.tile_shape, rank.name, rank.high - rank.low));
      }
    }
    if (!found) {
      diagnostics_.error(loop.rank_where, fmt::format("unknown rank '{}'{}; expected a dimension of the problem",
                                                      loop.rank, suggestion(loop.rank, names_of(graph.ranks))));
    }
    return add(std::move(node), parent);
  }

  std::optional<LevelId> resolve_level(const std::string& target, const SourcePosition& where) {
    const Architecture& architecture = tree_.architecture;
    const std::size_t count = architecture.memories.size() + 1;
    std::string name = target;
    const bool numeric = !target.empty() && std::all_of(target.begin(), target.end(), ::isdigit);
    if (numeric) {
      const long number = target.size() > 6 ? 1000000 : std::stol(target);
      const auto bound = bindings_.find(static_cast<int>(number));
      if (bound == bindings_.end()) {
        if (number < static_cast<long>(count)) return LevelId(static_cast<std::size_t>(number));
        diagnostics_.error(where, fmt::format("level {} does not exist; the machine has levels 0 to {} ({})", target,
                                              count - 1, level_name(architecture, LevelId(count - 1))));
        return std::nullopt;
      }
      name = bound->second;
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) {
      names.push_back(level_name(architecture, LevelId(i)));
      if (names.back() == name) return LevelId(i);
    }
    diagnostics_.error(where, fmt::format("unknown level '{}'{}; the machine has {}", name, suggestion(name, names),
                                          fmt::join(names, ", ")));
    return std::nullopt;
  }

  std::optional<NodeId> add_storage(const StorageSpec& storage, std::optional<NodeId> parent) {
    const auto level = resolve_level(storage.target, storage.target_where);
    if (level && *level == tree_.architecture.compute_level()) {
      diagnostics_.error(storage.target_where,
                         fmt::format("level '{}' computes and cannot store; expected a memory", storage.target));
    }
    for (std::size_t i = 0; i < storage.tensors.size(); ++i) {
      BoundNode node;
      node.kind = NodeKind::storage;
      node.where = storage.tensors_where[i];
      node.exploits_reuse = storage.exploits_reuse;
      if (level) node.level = *level;
      const EinsumGraph& graph = tree_.graph;
      bool found = false;
      for (std::size_t t = 0; t < graph.tensors.size() && !found; ++t) {
        if (graph.tensors[TensorId(t)].name != storage.tensors[i]) continue;
        node.tensor = TensorId(t);
        found = true;
      }
      if (!found) {
        diagnostics_.error(storage.tensors_where[i],
                           fmt::format("unknown tensor '{}'{}; expected a data space of the problem",
                                       storage.tensors[i], suggestion(storage.tensors[i], names_of(graph.tensors))));
      }
      parent = add(std::move(node), parent);
    }
    return parent;
  }

  void add_compute(const LoopTreeNode& source, const ComputeSpec& compute, std::optional<NodeId> parent) {
    BoundNode node;
    node.kind = NodeKind::compute;
    node.where = source.where;
    const EinsumGraph& graph = tree_.graph;
    bool found = false;
    for (std::size_t e = 0; e < graph.einsums.size() && !found; ++e) {
      if (graph.einsums[EinsumId(e)].name != compute.einsum) continue;
      found = true;
      node.einsum = EinsumId(e);
    }
    if (!found) {
      diagnostics_.error(compute.einsum_where,
                         fmt::format("unknown einsum '{}'{}; expected one of the problem's shapes", compute.einsum,
                                     suggestion(compute.einsum, names_of(graph.einsums))));
      return;
    }
    if (const auto level = resolve_level(compute.target, compute.target_where)) node.level = *level;
    if (mapped_[node.einsum.value]) {
      diagnostics_.error(compute.einsum_where, fmt::format("einsum '{}' has a second compute node", compute.einsum));
      return;
    }
    mapped_[node.einsum.value] = true;
    if (compute.parallelism) parallelism_.push_back({node.einsum, *compute.parallelism, source.where});
    tree_.compute_node[node.einsum] = *add(std::move(node), parent);
  }

  void collect_einsums() {
    for (std::size_t i = tree_.nodes.size(); i-- > 0;) {
      BoundNode& node = tree_.nodes[NodeId(i)];
      if (node.kind == NodeKind::compute) node.einsums = {node.einsum};
      for (NodeId child : node.children) {
        const auto& below = tree_.nodes[child].einsums;
        node.einsums.insert(node.einsums.end(), below.begin(), below.end());
      }
    }
  }

  /// Einsums under a node whose output no other einsum under it reads.
  std::vector<EinsumId> heads_under(NodeId id) const {
    const std::vector<EinsumId>& group = tree_.nodes[id].einsums;
    std::vector<EinsumId> heads;
    for (EinsumId e : group) {
      const Tensor& output = tree_.graph.tensors[tree_.graph.einsums[e].output.tensor];
      const bool read = std::any_of(output.readers.begin(), output.readers.end(), [&](EinsumId reader) {
        return std::find(group.begin(), group.end(), reader) != group.end();
      });
      if (!read) heads.push_back(e);
    }
    return heads;
  }

  void resolve_heads() {
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i) {
      const BoundNode& node = tree_.nodes[NodeId(i)];
      if (!is_loop(node.kind)) continue;
      const std::vector<EinsumId> heads = heads_under(NodeId(i));
      const EinsumGraph& graph = tree_.graph;
      const std::string rank = graph.ranks[graph.einsums[node.head].ranks[node.rank]].name;
      if (heads.size() > 1) {
        std::vector<std::string> names;
        for (EinsumId e : heads) names.push_back(graph.einsums[e].name);
        diagnostics_.error(
            node.where,
            fmt::format("cannot tile a group with {} heads ({}): no einsum below reads their outputs, so "
                        "the tile of one does not follow from the other; put each under its own branch loops",
                        heads.size(), fmt::join(names, ", ")));
      } else if (heads.front() != node.head) {
        const std::string& head = graph.einsums[heads.front()].name;
        std::vector<std::string> ranks;
        for (RankId r : graph.einsums[heads.front()].ranks) ranks.push_back(graph.ranks[r].name);
        diagnostics_.error(
            node.where,
            fmt::format("rank '{}' belongs to '{}', but the einsums below are tiled by the ranks of their last "
                        "one, '{}' ({}); the tiles of the earlier ones are inferred",
                        rank, graph.einsums[node.head].name, head, fmt::join(ranks, ", ")));
      }
    }
  }

  void assign_spatial_levels() {
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i) {
      BoundNode& node = tree_.nodes[NodeId(i)];
      if (node.kind != NodeKind::spatial) continue;
      NodeId below = node.children.front();
      while (tree_.nodes[below].kind != NodeKind::storage && tree_.nodes[below].kind != NodeKind::compute) {
        below = tree_.nodes[below].children.front();
      }
      node.level = tree_.nodes[below].level;
    }
    // Axes in order of appearance for each target; a third loop and later ones multiply onto axis 1.
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i) {
      BoundNode& node = tree_.nodes[NodeId(i)];
      if (node.kind != NodeKind::spatial || node.mesh_axis >= 0) continue;
      int above = 0;
      for (NodeId id : path_to(tree_, NodeId(i))) {
        const BoundNode& other = tree_.nodes[id];
        if (id != NodeId(i) && other.kind == NodeKind::spatial && other.level == node.level) ++above;
      }
      node.mesh_axis = std::min(above, 1);
    }
    for (const auto& [einsum, parallelism, where] : parallelism_) {
      std::int64_t product = 1;
      for (NodeId id : path_to(tree_, tree_.compute_node[einsum])) {
        const BoundNode& node = tree_.nodes[id];
        if (node.kind != NodeKind::spatial) continue;
        const Rank& rank = tree_.graph.ranks[tree_.graph.einsums[node.head].ranks[node.rank]];
        const std::int64_t extent = rank.high - rank.low;
        product *= node.factor ? *node.factor : ceil_divide(extent, *node.tile_shape);
      }
      if (static_cast<double>(product) != parallelism) {
        diagnostics_.warning(
            where, fmt::format("parallelism {} of '{}' is not used; the spatial loops above it unroll {}", parallelism,
                               tree_.graph.einsums[einsum].name, product));
      }
    }
  }

  void number_storage_nodes() {
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> next;
    for (BoundNode& node : tree_.nodes) {
      if (node.kind == NodeKind::storage) node.ordinal = next[{node.level.value, node.tensor.value}]++;
    }
  }

  void find_reuse_levels() {
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i) {
      const BoundNode& node = tree_.nodes[NodeId(i)];
      if (node.kind != NodeKind::storage || !node.exploits_reuse) continue;
      BoundTensor& tensor = tree_.tensors[node.tensor];
      if (tensor.intermediate && !tensor.reuse_level) tensor.reuse_level = indices_above(tree_, NodeId(i)).size();
    }
  }

  void check_storage() {
    const EinsumGraph& graph = tree_.graph;
    for (const BoundNode& node : tree_.nodes) {
      if (node.kind != NodeKind::storage) continue;
      const bool used = std::any_of(node.einsums.begin(), node.einsums.end(), [&](EinsumId e) {
        const auto accesses = accesses_of(graph.einsums[e]);
        return std::any_of(accesses.begin(), accesses.end(),
                           [&](const TensorAccess* a) { return a->tensor == node.tensor; });
      });
      if (!used) {
        diagnostics_.warning(node.where,
                             fmt::format("no einsum below this storage node uses '{}'; the node has no effect",
                                         graph.tensors[node.tensor].name));
      }
    }
    for (std::size_t e = 0; e < graph.einsums.size(); ++e) {
      const EinsumId einsum(e);
      const BoundNode& compute = tree_.nodes[tree_.compute_node[einsum]];
      for (const TensorAccess* access : accesses_of(graph.einsums[einsum])) {
        const std::vector<NodeId> chain = storage_chain(tree_, einsum, access->tensor);
        const std::string& name = graph.tensors[access->tensor].name;
        if (chain.empty()) {
          diagnostics_.error(compute.where,
                             fmt::format("'{}' of einsum '{}' has no storage node above this compute node", name,
                                         graph.einsums[einsum].name));
          continue;
        }
        for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
          if (tree_.nodes[chain[i + 1]].level < tree_.nodes[chain[i]].level) {
            diagnostics_.error(
                tree_.nodes[chain[i + 1]].where,
                fmt::format("'{}' is stored in '{}' below a node that stores it in '{}'; levels must go inwards", name,
                            level_name(tree_.architecture, tree_.nodes[chain[i + 1]].level),
                            level_name(tree_.architecture, tree_.nodes[chain[i]].level)));
          }
        }
        if (!(tree_.nodes[chain.back()].level < compute.level)) {
          diagnostics_.error(
              compute.where,
              fmt::format("'{}' computes at level '{}' but '{}' is stored at '{}'; compute must be the innermost",
                          graph.einsums[einsum].name, level_name(tree_.architecture, compute.level), name,
                          level_name(tree_.architecture, tree_.nodes[chain.back()].level)));
        }
        check_common_node(einsum, *access, chain.front());
      }
    }
  }

  /// An intermediate must be stored above the point where its producer's and consumer's paths part.
  void check_common_node(EinsumId einsum, const TensorAccess& access, NodeId top) {
    const Tensor& tensor = tree_.graph.tensors[access.tensor];
    if (!is_intermediate(tensor) || *tensor.writer == einsum) return;
    const std::vector<NodeId> produced = storage_chain(tree_, *tensor.writer, access.tensor);
    if (produced.empty() || produced.front() == top) return;
    diagnostics_.error(
        tree_.nodes[top].where,
        fmt::format(
            "intermediate '{}' has no storage node above both '{}', which writes it, and '{}', which reads it; add "
            "one above the branch where their paths part",
            tensor.name, tree_.graph.einsums[*tensor.writer].name, tree_.graph.einsums[einsum].name));
  }

  void check_branch_order() {
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i) {
      const BoundNode& node = tree_.nodes[NodeId(i)];
      if (!is_branch(node.kind)) continue;
      for (EinsumId reader : node.einsums) {
        for (const TensorAccess& input : tree_.graph.einsums[reader].inputs) {
          const auto writer = tree_.graph.tensors[input.tensor].writer;
          if (!writer || std::find(node.einsums.begin(), node.einsums.end(), *writer) == node.einsums.end()) continue;
          if (child_towards(tree_, NodeId(i), *writer) > child_towards(tree_, NodeId(i), reader)) {
            diagnostics_.error(node.where,
                               fmt::format("'{}' reads '{}' in a branch before the one where '{}' writes it; put the "
                                           "producer's branch first",
                                           tree_.graph.einsums[reader].name, tree_.graph.tensors[input.tensor].name,
                                           tree_.graph.einsums[*writer].name));
          }
        }
      }
    }
  }

  struct Parallelism {
    EinsumId einsum;
    double value;
    SourcePosition where;
  };

  BoundTree& tree_;
  const std::map<int, std::string>& bindings_;
  Diagnostics& diagnostics_;
  std::vector<bool> mapped_;
  std::vector<Parallelism> parallelism_;
};

/// Without a shape, words that projections reach outside what the producer writes count as data.
void warn_about_padding(const BoundTree& tree, Diagnostics& diagnostics) {
  if (tree.zero_padding) return;
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const Einsum& einsum = tree.graph.einsums[EinsumId(e)];
    for (const TensorAccess& input : einsum.inputs) {
      if (!tree.tensors[input.tensor].intermediate) continue;
      const PointSet reached = image(input, operation_space(tree.graph, EinsumId(e)));
      if (includes(tree.tensors[input.tensor].extent, reached)) continue;
      diagnostics.warning(
          input.where,
          fmt::format("'{}' reads '{}' beyond what is written; that padding counts as data, as in LoopTree. Give "
                      "'simulation.tensors.NAME.shape' of any tensor for zero padding",
                      einsum.name, tree.graph.tensors[input.tensor].name));
    }
  }
}

}  // namespace

BoundTree bind(EinsumGraph graph, Architecture architecture, const LoopTree& source,
               const std::map<int, std::string>& bindings, Diagnostics& diagnostics) {
  BoundTree tree;
  tree.graph = std::move(graph);
  tree.architecture = std::move(architecture);
  Binder(tree, bindings, diagnostics).run(source);
  if (!diagnostics.has_errors()) report_too_many_bits(tree, diagnostics);
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  warn_about_padding(tree, diagnostics);
  return tree;
}

}  // namespace loopsim
