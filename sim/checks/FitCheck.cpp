#include "sim/checks/FitCheck.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string>
#include <vector>

#include "base/NameList.hpp"
#include "sim/buffers/HeldRecomputation.hpp"
#include "sim/checks/CheckSimulation.hpp"
#include "sim/checks/DramCheck.hpp"
#include "sim/checks/InterleavedSums.hpp"
#include "sim/checks/LiveAtBoundaries.hpp"
#include "sim/checks/MeshCheck.hpp"
#include "sim/checks/MinimumSpace.hpp"
#include "sim/checks/NocCheck.hpp"
#include "sim/checks/SpaceAdvice.hpp"
#include "sim/functional/ReferenceEvaluation.hpp"
#include "sim/observe/RunObserver.hpp"

namespace loopsim {

namespace {

const std::string& rank_name(const BoundTree& tree, const BoundNode& loop) {
  return tree.graph.ranks[tree.graph.einsums[loop.head].ranks[loop.rank]].name;
}

struct HeldTensor {
  std::string name;
  std::int64_t words = 0;
  bool below_a_loop = false;  ///< some of its nodes is, so that its tiles can shrink
};

/// What fills the memory when it is fullest, largest tensor first.
std::vector<HeldTensor> held_tensors(const BoundTree& tree, const Holdings::Peak& peak) {
  std::map<TensorId, HeldTensor> by_tensor;
  for (const auto& [node, words] : peak.words_by_node) {
    if (words == 0) continue;
    HeldTensor& held = by_tensor[tree.nodes[node].tensor];
    held.name = tree.graph.tensors[tree.nodes[node].tensor].name;
    held.words += words;
    for (const NodeId above : indices_above(tree, node)) {
      held.below_a_loop = held.below_a_loop || tree.nodes[above].kind == NodeKind::temporal;
    }
  }
  std::vector<HeldTensor> all;
  all.reserve(by_tensor.size());
  for (auto& [tensor, held] : by_tensor) all.push_back(std::move(held));
  std::stable_sort(all.begin(), all.end(), [](const HeldTensor& a, const HeldTensor& b) { return a.words > b.words; });
  return all;
}

/// Short lines, several tensors each.
void note_held(const std::vector<HeldTensor>& held, Diagnostics& diagnostics) {
  constexpr std::size_t longest_line = 70;
  std::string line;
  const char* title = "held at once, in words:";
  for (const HeldTensor& tensor : held) {
    const std::string part = fmt::format("{} {}", tensor.name, tensor.words);
    if (!line.empty() && line.size() + part.size() > longest_line) {
      diagnostics.note({}, fmt::format("{} {}", title, line));
      title = "and";
      line.clear();
    }
    line += (line.empty() ? "" : ", ") + part;
  }
  if (!line.empty()) diagnostics.note({}, fmt::format("{} {}", title, line));
}

/// Tensors that no loop tiles stay whole: if they alone are too much, no tile will do.
void note_advice(const BoundTree& tree, LevelId level, const Holdings::Peak& peak, const std::vector<HeldTensor>& held,
                 Diagnostics& diagnostics) {
  const MemoryLevel& memory = tree.architecture.memories[level.value];
  const std::int64_t available = *memory.size_bits / memory.datawidth_bits;
  std::int64_t whole_words = 0;
  std::vector<std::string> whole;
  for (const HeldTensor& tensor : held) {
    if (tensor.below_a_loop) continue;
    whole_words += tensor.words;
    whole.push_back(tensor.name);
  }
  if (whole_words > available) {
    diagnostics.note({},
                     fmt::format("no loop lies above the storage of {}, which takes {} words; put it below a loop, or "
                                 "store it further out",
                                 list_names(whole), whole_words));
    return;
  }
  const auto advice = loops_to_shrink(tree, level, peak.bits);
  if (!advice) {
    diagnostics.note({},
                     "no tile that is made smaller lowers this; store a tensor further out, or below a further loop");
    return;
  }
  const std::string result = fmt::format("{} words then, {}", advice->bits / memory.datawidth_bits,
                                         advice->bits <= *memory.size_bits ? "which fit" : "still too many");
  const std::size_t count = advice->loops.size();
  for (std::size_t i = 0; i < count; ++i) {
    const ShrunkLoop& shrunk = advice->loops[i];
    const BoundNode& loop = tree.nodes[shrunk.loop];
    const std::string change = shrunk.tile_shape > 0
                                   ? fmt::format("tile_shape {}, not {}", shrunk.tile_shape, *loop.tile_shape)
                                   : fmt::format("factor {}, not {}", shrunk.factor, *loop.factor);
    if (count == 1) {
      diagnostics.note(loop.where, fmt::format("a smaller tile of this loop over '{}' helps most ({}): {}",
                                               rank_name(tree, loop), change, result));
    } else if (i == 0) {
      diagnostics.note(loop.where, fmt::format("several places need as much, so that {} loops need smaller tiles: this "
                                               "one over '{}' ({})",
                                               count, rank_name(tree, loop), change));
    } else {
      diagnostics.note(loop.where, fmt::format("and this one over '{}' ({}){}", rank_name(tree, loop), change,
                                               i + 1 == count ? ": " + result : ""));
    }
  }
}

void report_space(const BoundTree& tree, LevelId level, const Holdings::Peak& peak, Diagnostics& diagnostics) {
  const MemoryLevel& memory = tree.architecture.memories[level.value];
  if (!memory.size_bits || peak.bits <= *memory.size_bits) return;
  NodeId largest;
  std::int64_t most = -1;
  for (const auto& [node, words] : peak.words_by_node) {
    if (words <= most) continue;
    most = words;
    largest = node;
  }
  // Words of other widths than the memory's do not compare with its size in words.
  const bool own_width = peak.bits == peak.words * memory.datawidth_bits;
  const std::string amounts =
      own_width ? fmt::format("{} words at once, there are {}", peak.words, *memory.size_bits / memory.datawidth_bits)
                : fmt::format("{} bits ({} words) at once, there are {}", peak.bits, peak.words, *memory.size_bits);
  diagnostics.error(tree.nodes[largest].where,
                    fmt::format("the mapping does not fit '{}': it needs {}", memory.name, amounts));
  const std::vector<HeldTensor> held = held_tensors(tree, peak);
  note_held(held, diagnostics);
  note_advice(tree, level, peak, held, diagnostics);
}

[[noreturn]] void refuse_interleaved_sums(const BoundTree& tree, const HoldingNode& node) {
  const std::string& tensor = tree.graph.tensors[node.tensor].name;
  Diagnostics diagnostics;
  diagnostics.error(
      tree.nodes[node.id].where,
      fmt::format("the mapping cannot be executed: instances of a spatial loop below make the same sums of "
                  "'{}' one after the other, in this one copy; store '{}' below that loop too, or put the "
                  "spatial loop below those over the ranks that are summed",
                  tensor, tensor));
  throw InputError(diagnostics);
}

}  // namespace

Requirements requirements(const BoundTree& tree, const Schedule& schedule, RunObserver* observer) {
  Requirements result{{}, {}, MeshUse(tree, schedule), StepUse(tree, schedule), {}};
  LiveAtBoundaries live(tree, schedule);
  HeldRecomputation recomputation(tree, schedule);
  InterleavedSums sums(tree, schedule);
  try {
    result.space = minimum_space(tree, schedule, [&](const RetiredOperation& retired) {
      result.mesh.visit(retired.operation);
      result.steps.visit(retired.operation);
      recomputation.visit(retired.operation, retired.plan);
      sums.visit(retired.operation, retired.plan);
      live.visit(retired.plan, retired.holdings, retired.last_of_tile);
      if (observer != nullptr) observer->operation_checked();
    });
    result.live_at_boundaries = live.most();
    result.wrap_recomputed = recomputation.operations();
  } catch (const UnheldWordsError& error) {
    Diagnostics diagnostics;
    diagnostics.error(
        tree.nodes[tree.root()].where,
        fmt::format(
            "the mapping cannot be executed: {}; store the intermediate above the loop whose iterations share it, "
            "or give its storage node 'exploits_reuse: false' so that it is recomputed",
            error.what()));
    throw InputError(diagnostics);
  }
  if (sums.found()) refuse_interleaved_sums(tree, *sums.found());
  return result;
}

void report_misfits(const BoundTree& tree, const Schedule& schedule, const Requirements& needed, Fidelity fidelity,
                    Diagnostics& diagnostics) {
  for (const auto& [level, peak] : needed.space) report_space(tree, level, peak, diagnostics);
  report_mesh(tree, schedule, needed.mesh, needed.steps, fidelity, diagnostics);
}

Requirements check_requirements(const BoundTree& tree, const Schedule& schedule, const SimulationOptions& options,
                                Diagnostics& diagnostics) {
  Requirements needed = requirements(tree, schedule, options.observer);
  report_misfits(tree, schedule, needed, options.fidelity, diagnostics);
  Diagnostics dram;
  if (effects_of(options).dram) report_dram(tree, dram);
  // No warnings of a model beside errors that every rung has.
  if (!diagnostics.has_errors() || dram.has_errors()) diagnostics.append(dram);
  if (effects_of(options).noc) report_network(tree, needed.mesh, diagnostics);
  if (options.functional) check_functional_limits(tree.graph);
  return needed;
}

void check_simulation(const BoundTree& tree, const SimulationOptions& options, Diagnostics& diagnostics) {
  check_requirements(tree, make_schedule(tree), options, diagnostics);
}

void check_fit(const BoundTree& tree, Fidelity fidelity, Diagnostics& diagnostics, RunObserver* observer) {
  SimulationOptions options;
  options.fidelity = fidelity;
  options.observer = observer;
  check_simulation(tree, options, diagnostics);
}

}  // namespace loopsim
