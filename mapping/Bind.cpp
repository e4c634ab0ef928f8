#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/CheckedMath.hpp"
#include "base/NameList.hpp"
#include "mapping/BoundTree.hpp"
#include "mapping/HeadCheck.hpp"
#include "mapping/LineMap.hpp"
#include "mapping/ReachCheck.hpp"
#include "mapping/StorageCheck.hpp"
#include "mapping/StoredBits.hpp"
#include "mapping/sets/Projection.hpp"

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
    report_missing_computes(source);
    if (diagnostics_.has_errors()) return;
    collect_einsums();
    check_heads(tree_, diagnostics_);
    if (diagnostics_.has_errors()) return;
    assign_spatial_levels();
    number_storage_nodes();
    find_reuse_levels();
    check_storage(tree_, diagnostics_);
    check_branch_order(tree_, diagnostics_);
    check_reach(tree_, diagnostics_);
  }

 private:
  /// Those that a misspelt name stands for go without saying.
  void report_missing_computes(const LoopTree& source) {
    std::vector<std::string> names;
    for (std::size_t e = 0; e < mapped_.size(); ++e) {
      if (!mapped_[e]) names.push_back(tree_.graph.einsums[EinsumId(e)].name);
    }
    if (names.size() <= unknown_einsums_) return;
    const bool one = names.size() == 1;
    diagnostics_.error(
        source.where,
        fmt::format("{} {} of the problem {} no compute node in the mapping; every einsum needs one, such "
                    "as {{type: compute, einsum: {}, target: {}}} at the end of a branch of its own (a further list "
                    "under 'branches:'), after loops over {}",
                    one ? "einsum" : "einsums", list_names(names), one ? "has" : "have", names.front(),
                    tree_.architecture.compute.name, ranks_of(names.front())));
  }

  std::string ranks_of(const std::string& einsum_name) const {
    std::vector<std::string> names;
    for (const Einsum& einsum : tree_.graph.einsums) {
      if (einsum.name != einsum_name) continue;
      for (const RankId rank : einsum.ranks) names.push_back(tree_.graph.ranks[rank].name);
    }
    return list_names(names);
  }

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
        diagnostics_.error(where,
                           fmt::format("level {} does not exist; the machine has {}", target, levels_text(count)));
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

  /// "0 (MainMemory), 1 (GlobalBuffer)", the first `count` of them.
  std::string levels_text(std::size_t count) const {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", i, level_name(tree_.architecture, LevelId(i)));
    }
    return text;
  }

  std::optional<NodeId> add_storage(const StorageSpec& storage, std::optional<NodeId> parent) {
    const auto level = resolve_level(storage.target, storage.target_where);
    if (level && *level == tree_.architecture.compute_level()) {
      diagnostics_.error(storage.target_where,
                         fmt::format("level '{}' computes and cannot store; the memories are {}", storage.target,
                                     levels_text(tree_.architecture.memories.size())));
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
      ++unknown_einsums_;
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

  struct Parallelism {
    EinsumId einsum;
    double value;
    SourcePosition where;
  };

  BoundTree& tree_;
  const std::map<int, std::string>& bindings_;
  Diagnostics& diagnostics_;
  std::vector<bool> mapped_;
  std::size_t unknown_einsums_ = 0;  ///< compute nodes of einsums that do not exist
  std::vector<Parallelism> parallelism_;
};

}  // namespace

BoundTree bind_mapping(EinsumGraph graph, Architecture architecture, const LoopTree& source,
                       const std::map<int, std::string>& bindings, Diagnostics& diagnostics) {
  BoundTree tree;
  tree.graph = std::move(graph);
  tree.architecture = std::move(architecture);
  Binder(tree, bindings, diagnostics).run(source);
  if (!diagnostics.has_errors()) report_too_many_bits(tree, diagnostics);
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  return tree;
}

}  // namespace loopsim
