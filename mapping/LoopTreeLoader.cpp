#include "mapping/LoopTreeLoader.hpp"

#include <fmt/format.h>
#include <utility>

#include "base/DocumentReader.hpp"

namespace loopsim {

namespace {

constexpr int deepest_branches = 60;
// Aliases make a short file a huge tree; no machine could run such a one.
constexpr std::size_t most_nodes = 100'000;

constexpr IntegerRange positive = {1, IntegerRange{}.high};

class LoopTreeLoader {
 public:
  explicit LoopTreeLoader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  LoopTreeBranch load_branch(const DocumentNode& list, const std::string& what, int depth) {
    LoopTreeBranch branch;
    const auto* items = read_list(list, what, diagnostics_);
    if (items == nullptr) return branch;
    if (items->empty()) {
      diagnostics_.error(list.where, fmt::format("{} has no nodes; it must end in a compute or a branch node", what));
      return branch;
    }
    if (depth > deepest_branches) {
      diagnostics_.error(list.where, fmt::format("branches nested more than {} deep", deepest_branches));
      return branch;
    }
    for (std::size_t i = 0; i < items->size(); ++i) {
      if (++nodes_ > most_nodes) {
        if (nodes_ == most_nodes + 1) {
          diagnostics_.error(list.where, fmt::format("the mapping has more than {} nodes", most_nodes));
        }
        return branch;
      }
      load_node(*(*items)[i], i + 1 == items->size(), depth, branch);
    }
    return branch;
  }

 private:
  /// What a node without `type` is by its other keys.
  static std::string_view likely_type(const DocumentNode& item) {
    if (find_key(item, "dspace") || find_key(item, "tensors")) return "storage";
    if (find_key(item, "einsum")) return "compute";
    if (find_key(item, "branches")) return "sequential";
    if (find_key(item, "rank") || find_key(item, "dimension"))
      return find_key(item, "spatial") ? "spatial" : "temporal";
    return "";
  }

  void load_node(const DocumentNode& item, bool is_last, int depth, LoopTreeBranch& branch) {
    MapReader reader(item, "a mapping node", diagnostics_);
    const std::string_view likely = find_key(item, "type") ? "" : likely_type(item);
    if (!likely.empty() && !reader.report_misspelling({"type"})) {
      diagnostics_.error(item.where, fmt::format("a mapping node lacks 'type'; by its keys it is 'type: {}'", likely));
    }
    if (!likely.empty()) return;
    const DocumentNodePtr type_node = reader.required("type");
    if (!type_node) return;
    const auto type = read_text(*type_node, "type", diagnostics_);
    if (!type) return;
    LoopTreeNode node;
    node.where = item.where;
    bool ends_list = false;
    if (*type == "temporal" || *type == "spatial") {
      node.spec = load_loop(item, *type);
    } else if (*type == "storage") {
      node.spec = load_storage(item);
    } else if (*type == "sequential" || *type == "pipeline") {
      ends_list = true;
      node.spec = load_branches(item, *type, depth);
    } else if (*type == "compute") {
      ends_list = true;
      node.spec = load_compute(item);
    } else {
      diagnostics_.error(type_node->where, unknown_type(*type));
      return;
    }
    if (ends_list && !is_last) {
      diagnostics_.error(item.where, fmt::format("nothing may follow a {} node in its list", *type));
    }
    if (!ends_list && is_last) {
      diagnostics_.error(item.where, fmt::format("the list ends in a {} node; it must end in a compute, sequential or "
                                                 "pipeline node",
                                                 *type));
    }
    branch.push_back(std::move(node));
  }

  static std::string unknown_type(const std::string& type) {
    if (type == "parallel") {
      return "node type 'parallel' is not supported; write 'pipeline' for branches that work at once, on columns of "
             "the "
             "mesh side by side that must fit it together, or 'sequential' for one after the other";
    }
    if (type == "datatype" || type == "dataspace") {
      return fmt::format("node type '{}' belongs to Timeloop's single-layer mappings, which are not read yet", type);
    }
    return fmt::format("unknown node type '{}'{}", type,
                       did_you_mean(type, {"temporal", "spatial", "storage", "sequential", "pipeline", "compute"}));
  }

  LoopSpec load_loop(const DocumentNode& item, const std::string& type) {
    MapReader reader(item, fmt::format("a {} node", type), diagnostics_);
    LoopSpec loop;
    loop.kind = type == "spatial" ? LoopSpec::Kind::spatial : LoopSpec::Kind::temporal;
    reader.ignore("type");
    reader.ignore("iterator_name");
    if (const auto rank = reader.required("rank", {"dimension"})) {
      loop.rank = read_text(*rank, "rank", diagnostics_).value_or("");
      loop.rank_where = rank->where;
    }
    const DocumentNodePtr shape = reader.optional("tile_shape", {"tile_size"});
    const DocumentNodePtr factor = reader.optional("factor");
    if (shape && factor) {
      diagnostics_.error(factor->where, fmt::format("a {} node takes 'tile_shape' or 'factor', not both", type));
    } else if (shape) {
      loop.tile_shape = read_integer(*shape, "tile_shape", diagnostics_, positive);
      if (!loop.tile_shape && shape->is_scalar() && shape->text.find('/') != std::string::npos) {
        diagnostics_.note(shape->where,
                          "a tile_shape is a number of coordinates; 'factor: N' cuts a rank into N tiles");
      }
      loop.shape_where = shape->where;
    } else if (factor) {
      loop.factor = read_integer(*factor, "factor", diagnostics_, positive);
      loop.shape_where = factor->where;
    } else if (reader.is_map() && !reader.report_misspelling({"tile_shape", "tile_size", "factor"})) {
      diagnostics_.error(item.where, fmt::format("a {} node lacks 'tile_shape' (or 'factor')", type));
    }
    if (loop.kind == LoopSpec::Kind::spatial) {
      if (const auto axis = reader.optional("spatial")) {
        if (const auto value = read_integer(*axis, "spatial (the mesh axis)", diagnostics_, {0, 1})) {
          loop.mesh_axis = static_cast<int>(*value);
        }
      }
    }
    reader.finish();
    return loop;
  }

  StorageSpec load_storage(const DocumentNode& item) {
    MapReader reader(item, "a storage node", diagnostics_);
    StorageSpec storage;
    reader.ignore("type");
    read_target(reader, storage.target, storage.target_where);
    if (const auto tensors = reader.required("dspace", {"tensors"})) {
      if (const auto* items = read_list(*tensors, "dspace", diagnostics_)) {
        if (items->empty()) diagnostics_.error(tensors->where, "dspace: expected at least one tensor");
        for (const DocumentNodePtr& tensor : *items) {
          const auto name = read_text(*tensor, "tensor", diagnostics_);
          if (!name) continue;
          for (const std::string& other : storage.tensors) {
            if (other == *name) diagnostics_.error(tensor->where, fmt::format("tensor '{}' is listed twice", *name));
          }
          storage.tensors.push_back(*name);
          storage.tensors_where.push_back(tensor->where);
        }
      }
    }
    if (const auto reuse = reader.optional("exploits_reuse")) {
      storage.exploits_reuse = read_boolean(*reuse, "exploits_reuse", diagnostics_).value_or(true);
    }
    reader.finish();
    return storage;
  }

  BranchSpec load_branches(const DocumentNode& item, const std::string& type, int depth) {
    MapReader reader(item, fmt::format("a {} node", type), diagnostics_);
    BranchSpec branches;
    branches.kind = type == "pipeline" ? BranchSpec::Kind::pipeline : BranchSpec::Kind::sequential;
    reader.ignore("type");
    if (const auto lists = reader.required("branches")) {
      if (const auto* items = read_list(*lists, "branches", diagnostics_)) {
        if (items->empty()) {
          diagnostics_.error(lists->where, fmt::format("a {} node needs at least one branch", type));
        }
        for (const DocumentNodePtr& list : *items)
          branches.branches.push_back(load_branch(*list, "a branch", depth + 1));
      }
    }
    reader.finish();
    return branches;
  }

  ComputeSpec load_compute(const DocumentNode& item) {
    MapReader reader(item, "a compute node", diagnostics_);
    ComputeSpec compute;
    reader.ignore("type");
    reader.ignore("incomplete");
    if (const auto einsum = reader.required("einsum")) {
      compute.einsum = read_text(*einsum, "einsum", diagnostics_).value_or("");
      compute.einsum_where = einsum->where;
    }
    read_target(reader, compute.target, compute.target_where);
    if (const auto parallelism = reader.optional("parallelism")) {
      compute.parallelism = read_number(*parallelism, "parallelism", diagnostics_);
    }
    reader.finish();
    return compute;
  }

  void read_target(MapReader& reader, std::string& target, SourcePosition& where) {
    const DocumentNodePtr node = reader.required("target");
    if (!node) return;
    where = node->where;
    target = read_text(*node, "target (a level number or the name of a component)", diagnostics_).value_or("");
    const bool number = !target.empty() && target.find_first_not_of("0123456789+-.") == std::string::npos;
    if (!number) return;
    // Canonical, so that 01 and 1 are the same level.
    constexpr std::int64_t highest_level = 63;
    if (const auto level = read_integer(*node, "target", diagnostics_, {0, highest_level})) {
      target = std::to_string(*level);
    }
  }

  Diagnostics& diagnostics_;
  std::size_t nodes_ = 0;
};

}  // namespace

LoopTree load_loop_tree(const DocumentNode& mapping, Diagnostics& diagnostics) {
  LoopTree tree;
  tree.where = mapping.where;
  MapReader reader(mapping, "mapping", diagnostics);
  if (const auto type = reader.required("type")) {
    if (const auto text = read_text(*type, "type", diagnostics); text && *text != "fused") {
      diagnostics.error(type->where, fmt::format("mapping type '{}' is not read; expected 'fused'", *text));
    }
  }
  const DocumentNodePtr nodes = reader.required("nodes");
  reader.ignore("version");
  reader.finish();
  if (nodes) tree.nodes = LoopTreeLoader(diagnostics).load_branch(*nodes, "mapping.nodes", 0);
  return tree;
}

}  // namespace loopsim
