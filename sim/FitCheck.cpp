#include "sim/FitCheck.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/Simulate.hpp"
#include "sim/schedule/MinimumSpace.hpp"

namespace loopsim {

namespace {

const std::string& rank_name(const BoundTree& tree, const BoundNode& loop) {
  return tree.graph.ranks[tree.graph.einsums[loop.head].ranks[loop.rank]].name;
}

/// The innermost temporal loop above a node with more than one coordinate a tile: tiles shrink with it.
const BoundNode* loop_to_shrink(const BoundTree& tree, NodeId node) {
  const std::vector<NodeId> above = indices_above(tree, node);
  for (auto id = above.rbegin(); id != above.rend(); ++id) {
    const BoundNode& loop = tree.nodes[*id];
    if (loop.kind == NodeKind::temporal && (loop.factor || *loop.tile_shape > 1)) return &loop;
  }
  return nullptr;
}

void report_space(const BoundTree& tree, LevelId level, const Holdings::Peak& peak, Diagnostics& diagnostics) {
  const MemoryLevel& memory = tree.architecture.memories[level.value];
  if (!memory.size_bits || peak.bits <= *memory.size_bits) return;
  NodeId largest;
  std::int64_t most = -1;
  std::string parts;
  for (const auto& [node, words] : peak.words_by_node) {
    if (words > most) {
      most = words;
      largest = node;
    }
    if (words > 0) parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", tree.graph.tensors[tree.nodes[node].tensor].name, words);
  }
  std::string advice = "; no loop lies above it, so tile it or store it further out";
  if (const BoundNode* loop = loop_to_shrink(tree, largest)) {
    advice = fmt::format("; shrink the tile of loop '{}'", rank_name(tree, *loop));
  }
  diagnostics.error(tree.nodes[largest].where,
                    fmt::format("the mapping does not fit '{}': it needs {} words ({} bits) at once, there are {} words ({} bits); held then: {}{}",
                                memory.name, peak.words, peak.bits, *memory.size_bits / memory.datawidth_bits, *memory.size_bits,
                                parts, advice));
}

void report_mesh(const BoundTree& tree, const Schedule& schedule, const MeshUse& use, Diagnostics& diagnostics) {
  const PeMesh& mesh = tree.architecture.mesh;
  MeshExtent need = use.below(tree.root());
  for (const auto& [name, columns] : mesh.partition) {
    const auto stage = std::find_if(schedule.stages.begin(), schedule.stages.end(), [&](const Stage& s) { return s.name == name; });
    if (stage == schedule.stages.end()) {
      std::vector<std::string> names;
      for (const Stage& s : schedule.stages) names.push_back(s.name);
      const auto near = nearest_spelling(name, names);
      diagnostics.error(tree.nodes[tree.root()].where,
                        fmt::format("simulation.pe.partition names a stage '{}' that the mapping does not have{}; it has {}", name,
                                    near ? fmt::format(" (did you mean '{}'?)", *near) : "", fmt::join(names, ", ")));
      continue;
    }
    for (LeafIndex leaf : stage->leaves) {
      if (use.of(leaf).columns > columns) {
        diagnostics.error(tree.nodes[schedule.leaves[leaf].program.compute].where,
                          fmt::format("stage '{}' unrolls over {} columns but its partition has {}", name, use.of(leaf).columns, columns));
      } else {
        need.columns += columns - use.of(leaf).columns;
      }
    }
  }
  std::string stages;
  for (const Stage& stage : schedule.stages) {
    MeshExtent one;
    for (LeafIndex leaf : stage.leaves) {
      one.columns = std::max(one.columns, use.of(leaf).columns);
      one.rows = std::max(one.rows, use.of(leaf).rows);
    }
    stages += fmt::format("{}{} {}x{}", stages.empty() ? "" : ", ", stage.name, one.columns, one.rows);
  }
  const auto too_big = [](std::int64_t wanted, std::optional<std::int64_t> there) { return there && wanted > *there; };
  if (too_big(need.columns, mesh.columns) || too_big(need.rows, mesh.rows)) {
    const auto text = [](std::optional<std::int64_t> n) { return n ? std::to_string(*n) : std::string("unlimited"); };
    diagnostics.error(tree.nodes[tree.root()].where,
                      fmt::format("the spatial loops need {} columns x {} rows of PEs, the mesh has {} x {} (axis 0 x axis 1); stages: {}",
                                  need.columns, need.rows, text(mesh.columns), text(mesh.rows), stages));
  }
}

}  // namespace

Requirements requirements(const BoundTree& tree, const Schedule& schedule) {
  Requirements result{{}, MeshUse(tree, schedule)};
  try {
    result.space = minimum_space(tree, schedule, [&](const TileOperation& operation) { result.mesh.visit(operation); });
  } catch (const UnheldWordsError& error) {
    Diagnostics diagnostics;
    diagnostics.error(tree.nodes[tree.root()].where,
                      fmt::format("the mapping cannot be executed: {}; store the intermediate above the loop whose iterations share it, "
                                  "or give its storage node 'exploits_reuse: false' so that it is recomputed",
                                  error.what()));
    throw InputError(diagnostics);
  }
  return result;
}

void report_misfits(const BoundTree& tree, const Schedule& schedule, const Requirements& needed, Fidelity fidelity,
                    Diagnostics& diagnostics) {
  for (const auto& [level, peak] : needed.space) report_space(tree, level, peak, diagnostics);
  if (fidelity != Fidelity::ideal) report_mesh(tree, schedule, needed.mesh, diagnostics);
}

void check_fit(const BoundTree& tree, Fidelity fidelity, Diagnostics& diagnostics) {
  const Schedule schedule = make_schedule(tree);
  report_misfits(tree, schedule, requirements(tree, schedule), fidelity, diagnostics);
}

}  // namespace loopsim
