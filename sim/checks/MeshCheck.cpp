#include "sim/checks/MeshCheck.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>
#include <vector>

#include "base/NameList.hpp"

namespace loopsim {

namespace {

bool too_many(std::int64_t wanted, std::optional<std::int64_t> there) {
  return there && wanted > *there;
}

/// A stage is named by all its einsums; of many the first few.
std::string short_stage_name(const BoundTree& tree, const Schedule& schedule, const Stage& stage) {
  constexpr std::size_t most = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, stage.leaves.size()); ++i) {
    const EinsumId einsum = schedule.leaves[stage.leaves[i]].einsum;
    text += (i == 0 ? "" : "+") + tree.graph.einsums[einsum].name;
  }
  if (stage.leaves.size() > most) text += fmt::format("+… ({} einsums)", stage.leaves.size());
  return text;
}

class MeshCheck {
 public:
  MeshCheck(const BoundTree& tree, const Schedule& schedule, const MeshUse& use, const StepUse& steps,
            Diagnostics& diagnostics)
      : tree_(tree),
        schedule_(schedule),
        use_(use),
        steps_(steps),
        mesh_(tree.architecture.mesh),
        diagnostics_(diagnostics) {}

  void check_extents() {
    MeshExtent need = use_.below(tree_.root());
    need.columns += spare_columns_of_partitions();
    if (!too_many(need.columns, mesh_.columns) && !too_many(need.rows, mesh_.rows)) return;
    bool found = false;
    for (LeafIndex leaf = 0; leaf < schedule_.leaves.size(); ++leaf) {
      const MeshExtent& one = use_.of(leaf);
      if (too_many(one.columns, mesh_.columns)) found = report_leaf(leaf, 0) || found;
      if (too_many(one.rows, mesh_.rows)) found = report_leaf(leaf, 1) || found;
    }
    if (!found) report_stages(need);
  }

  /// No step may have more operations than the mesh has PEs.
  void check_steps() {
    if (!mesh_.columns || !mesh_.rows) return;
    std::int64_t pes = 0;
    if (__builtin_mul_overflow(*mesh_.columns, *mesh_.rows, &pes)) return;
    if (steps_.operations_below(tree_.root()) <= pes) return;
    bool found = false;
    for (LeafIndex leaf = 0; leaf < schedule_.leaves.size(); ++leaf) {
      if (steps_.operations(leaf) <= pes || !has_left(leaf)) continue;
      found = true;
      diagnostics_.error(
          compute_where(leaf),
          fmt::format("a step of '{}' has {} operations, the mesh {} PEs ({} x {}): the loops above leave "
                      "{} to one step; add loops over what is left",
                      name(leaf), steps_.operations(leaf), pes, *mesh_.columns, *mesh_.rows, left_text(leaf)));
      note_loops_to_add(leaf);
    }
    if (found) return;
    for (const Stage& stage : schedule_.stages) {
      for (const LeafIndex leaf : stage.leaves) {
        if (!has_left(leaf)) continue;
        diagnostics_.error(
            compute_where(leaf),
            fmt::format("a step of '{}' has {} operations, and the steps of the pipeline's stages that run "
                        "beside it have {} together with it; the mesh has {} PEs: the loops above leave {} "
                        "to one step",
                        name(leaf), steps_.operations(leaf), steps_.operations_below(tree_.root()), pes,
                        left_text(leaf)));
        note_loops_to_add(leaf);
      }
    }
  }

  /// Where nothing limits the mesh, operations that no loop takes one by one run at once all the same.
  void warn_of_steps() {
    std::vector<std::string> names;
    std::optional<LeafIndex> first;
    for (LeafIndex leaf = 0; leaf < schedule_.leaves.size(); ++leaf) {
      if (!has_left(leaf)) continue;
      if (first) {
        names.push_back(name(leaf));
      } else {
        first = leaf;
      }
    }
    if (!first) return;
    diagnostics_.warning(
        compute_where(*first),
        fmt::format(
            "a step of '{}' has {} operations, of which its spatial loops unroll {}: the loops above leave {} to "
            "one step, which takes a cycle all the same since the mesh has no end; add loops over them, or say how "
            "large "
            "the mesh is (meshX and meshY of the PEs, or simulation.pe.mesh){}",
            name(*first), steps_.operations(*first), steps_.unrolled(*first), left_text(*first),
            names.empty() ? "" : fmt::format("; so it is with {} too", list_names(names))));
  }

 private:
  const std::string& name(LeafIndex leaf) const { return tree_.graph.einsums[schedule_.leaves[leaf].einsum].name; }
  const SourcePosition& compute_where(LeafIndex leaf) const {
    return tree_.nodes[schedule_.leaves[leaf].program.compute].where;
  }
  std::string rank_name(const BoundNode& loop) const {
    return tree_.graph.ranks[tree_.graph.einsums[loop.head].ranks[loop.rank]].name;
  }
  bool has_left(LeafIndex leaf) const { return steps_.operations(leaf) > steps_.unrolled(leaf); }

  /// Ranks of which a step takes several coordinates, "'N' (64) and 'K' (64)".
  std::string left_text(LeafIndex leaf) const {
    const Einsum& einsum = tree_.graph.einsums[schedule_.leaves[leaf].einsum];
    const std::vector<std::int64_t>& left = steps_.left(leaf);
    std::vector<std::string> parts;
    for (std::size_t r = 0; r < left.size(); ++r) {
      if (left[r] > 1) parts.push_back(fmt::format("{} of '{}'", left[r], tree_.graph.ranks[einsum.ranks[r]].name));
    }
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    }
    return text;
  }

  void note_loops_to_add(LeafIndex leaf) {
    const Einsum& einsum = tree_.graph.einsums[schedule_.leaves[leaf].einsum];
    const std::vector<std::int64_t>& left = steps_.left(leaf);
    std::vector<std::string> loops;
    for (std::size_t r = 0; r < left.size(); ++r) {
      if (left[r] <= 1) continue;
      loops.push_back(
          fmt::format("{{type: temporal, rank: {}, tile_shape: 1}}", tree_.graph.ranks[einsum.ranks[r]].name));
    }
    diagnostics_.note({}, fmt::format("such as {} before the compute node", fmt::join(loops, ", ")));
  }

  /// Columns that stages are given beyond what they use. Reports partitions that do not go with the mapping.
  std::int64_t spare_columns_of_partitions() {
    std::int64_t spare = 0;
    for (const auto& [stage_name, columns] : mesh_.partition) {
      const auto stage = std::find_if(schedule_.stages.begin(), schedule_.stages.end(),
                                      [&name = stage_name](const Stage& s) { return s.name == name; });
      if (stage == schedule_.stages.end()) {
        std::vector<std::string> names;
        for (const Stage& s : schedule_.stages) names.push_back(s.name);
        const auto near = nearest_spelling(stage_name, names);
        diagnostics_.error(
            tree_.nodes[tree_.root()].where,
            fmt::format("simulation.pe.partition names a stage '{}' that the mapping does not have{}; it has {}",
                        stage_name, near ? fmt::format(" (did you mean '{}'?)", *near) : "", list_names(names)));
        continue;
      }
      for (LeafIndex leaf : stage->leaves) {
        const std::int64_t used = use_.of(leaf).columns;
        if (used > columns) {
          diagnostics_.error(where_of_axis(leaf, 0),
                             fmt::format("stage '{}' unrolls over {} columns but its partition has {} "
                                         "(simulation.pe.partition)",
                                         short_stage_name(tree_, schedule_, *stage), used, columns));
        } else {
          spare += columns - used;
        }
      }
    }
    return spare;
  }

  /// The loop that unrolls most along an axis; the compute node if there is none.
  const BoundNode* widest_loop(LeafIndex leaf, int axis) const {
    const BoundNode* widest = nullptr;
    std::int64_t most = 0;
    for (const NodeId id : schedule_.leaves[leaf].program.nodes) {
      const BoundNode& node = tree_.nodes[id];
      if (node.kind != NodeKind::spatial || node.mesh_axis != axis) continue;
      if (steps_.unrolled_by(id) <= most) continue;
      most = steps_.unrolled_by(id);
      widest = &node;
    }
    return widest;
  }

  const SourcePosition& where_of_axis(LeafIndex leaf, int axis) const {
    const BoundNode* loop = widest_loop(leaf, axis);
    return loop != nullptr ? loop->where : compute_where(leaf);
  }

  std::string mesh_text() const {
    const auto text = [](std::optional<std::int64_t> n) { return n ? std::to_string(*n) : std::string("unlimited"); };
    return fmt::format("the mesh has {} x {} (columns x rows, simulation.pe.mesh)", text(mesh_.columns),
                       text(mesh_.rows));
  }

  bool report_leaf(LeafIndex leaf, int axis) {
    const BoundNode* loop = widest_loop(leaf, axis);
    if (loop == nullptr) return false;
    const std::int64_t need = axis == 0 ? use_.of(leaf).columns : use_.of(leaf).rows;
    const std::int64_t there = axis == 0 ? *mesh_.columns : *mesh_.rows;
    diagnostics_.error(loop->where,
                       fmt::format("the spatial loops of einsum '{}' need {} {} of PEs, {}; this one over '{}' is the "
                                   "largest of them",
                                   name(leaf), need, axis == 0 ? "columns" : "rows", mesh_text(), rank_name(*loop)));
    diagnostics_.note({}, fmt::format("tile '{}' by a temporal loop above it, by {} or less, or unroll a part of it "
                                      "along the other axis (spatial: {})",
                                      rank_name(*loop), there, 1 - axis));
    return true;
  }

  /// No einsum is too wide by itself: stages side by side are.
  void report_stages(MeshExtent need) {
    LeafIndex widest = 0;
    std::vector<std::string> stages;
    for (const Stage& stage : schedule_.stages) {
      MeshExtent one;
      for (LeafIndex leaf : stage.leaves) {
        one.columns = std::max(one.columns, use_.of(leaf).columns);
        one.rows = std::max(one.rows, use_.of(leaf).rows);
        if (use_.of(leaf).columns > use_.of(widest).columns) widest = leaf;
      }
      stages.push_back(fmt::format("{} {}x{}", short_stage_name(tree_, schedule_, stage), one.columns, one.rows));
    }
    constexpr std::size_t most = 6;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, stages.size()); ++i) text += (i == 0 ? "" : ", ") + stages[i];
    if (stages.size() > most) text += fmt::format(" and {} more", stages.size() - most);
    diagnostics_.error(
        where_of_axis(widest, 0),
        fmt::format("the spatial loops of the pipeline's stages need {} columns x {} rows of PEs side by "
                    "side, {}; stages: {}",
                    need.columns, need.rows, mesh_text(), text));
    diagnostics_.note({},
                      "unroll less in a stage (a temporal loop over the rank above its spatial loop, with a smaller "
                      "tile_shape), or let the stages share the array in turn ('sequential')");
  }

  const BoundTree& tree_;
  const Schedule& schedule_;
  const MeshUse& use_;
  const StepUse& steps_;
  const PeMesh& mesh_;
  Diagnostics& diagnostics_;
};

}  // namespace

void report_mesh(const BoundTree& tree, const Schedule& schedule, const MeshUse& use, const StepUse& steps,
                 Fidelity fidelity, Diagnostics& diagnostics) {
  MeshCheck check(tree, schedule, use, steps, diagnostics);
  if (fidelity != Fidelity::ideal) {
    check.check_extents();
    check.check_steps();
  }
  // A mapping that is refused is refused in the same words on every rung.
  if (!diagnostics.has_errors()) check.warn_of_steps();
}

}  // namespace loopsim
