#include "sim/pe_array/ArrayExecutor.hpp"

#include <algorithm>
#include <unordered_map>

#include "sim/pe_array/BoxGeometry.hpp"
#include "sim/pe_array/HeldThroughLoops.hpp"
#include "sim/pe_array/InstanceGeometry.hpp"
#include "sim/pe_array/KeptTiles.hpp"
#include "sim/pe_array/StepWalker.hpp"

namespace loopsim {

namespace {

bool are_boxes(const std::vector<ArrayLane>& lanes) {
  return std::all_of(lanes.begin(), lanes.end(),
                     [](const ArrayLane& lane) { return lane.operations.boxes().size() <= 1; });
}

}  // namespace

struct ArrayExecutor::State {
  State(const BoundTree& bound, ArrayProgram array_program)
      : tree(bound),
        program(std::move(array_program)),
        points(array_points(tree, program)),
        points_in_place(array_points(tree, program, true)),
        demands(tree, program.einsum),
        one_access_each(
            std::all_of(points.begin(), points.end(), [](const ArrayPoint& p) { return p.accesses.size() == 1; })),
        instances(tree, program, points, demands),
        boxes(tree, program, points, demands, instances),
        instances_in_place(tree, program, points_in_place, demands),
        box_walker(tree, program, points, boxes, demands),
        instance_walker(tree, program, points, instances, demands),
        walker_in_place(tree, program, points_in_place, instances_in_place, demands),
        kept(points, instances) {
    idle.traffic.resize(points.size());
  }

  const BoundTree& tree;
  const ArrayProgram program;
  const std::vector<ArrayPoint> points;
  const std::vector<ArrayPoint> points_in_place;
  DemandTable demands;
  bool one_access_each;  ///< each tensor is reached through one access
  InstanceGeometry instances;
  BoxGeometry boxes;
  InstanceGeometry instances_in_place;
  StepWalker box_walker;
  StepWalker instance_walker;
  StepWalker walker_in_place;

  ArrayOutcome idle;  ///< of a tile operation without operations
  /// The last tile operation that did something. What the buffers hold is what its last iteration left there, but for
  /// what is in `kept`.
  std::vector<ArrayLane> previous;  ///< lanes that worked
  KeptTiles kept;
  bool previous_is_product = true;  ///< see held_through_loops
  bool holds = true;                ///< this operation and the last one are
  /// Each kind of tile operation in the form that is handed out.
  std::unordered_map<const WalkOutcome*, ArrayOutcome> outcomes;

  bool kept_are_boxes() const {
    return std::all_of(kept.lanes().begin(), kept.lanes().end(), [](const auto& of) { return are_boxes(of.second); });
  }
  const WalkOutcome& walk(const std::vector<ArrayLane>& lanes, std::optional<NodeId> advanced);
  const ArrayOutcome& outcome_of(const WalkOutcome& walked);
};

const WalkOutcome& ArrayExecutor::State::walk(const std::vector<ArrayLane>& lanes, std::optional<NodeId> advanced) {
  const auto walk_in = [&](auto& geometry, StepWalker& walker) -> const WalkOutcome& {
    if (previous.empty()) return walker.walk(geometry.state_of(lanes), nullptr, advanced);
    const TileState before = geometry.state_of(previous);
    std::map<std::size_t, TileState> held;
    for (const auto& [point, of_earlier] : kept.lanes()) held.emplace(point, geometry.state_of(of_earlier));
    return walker.walk(geometry.state_of(lanes), &before, advanced, held);
  };
  if (!holds) {
    kept.clear();
    return walk_in(instances_in_place, walker_in_place);
  }
  return one_access_each && are_boxes(lanes) && are_boxes(previous) && kept_are_boxes()
             ? walk_in(boxes, box_walker)
             : walk_in(instances, instance_walker);
}

const ArrayOutcome& ArrayExecutor::State::outcome_of(const WalkOutcome& walked) {
  const auto [found, added] = outcomes.try_emplace(&walked);
  ArrayOutcome& outcome = found->second;
  if (!added) return outcome;
  outcome.steps = walked.steps * tree.graph.einsums[program.einsum].steps_per_operation;
  outcome.operations = walked.operations;
  outcome.traffic = walked.traffic;
  outcome.runs.reserve(walked.runs.size());
  for (const DemandRun& run : walked.runs) {
    const ArrayStep& step = demands.step_of(run.demand);
    if (!outcome.runs.empty() && outcome.runs.back().step == &step) {
      outcome.runs.back().steps += run.steps;
    } else {
      outcome.runs.push_back({run.steps, &step});
    }
  }
  return outcome;
}

ArrayExecutor::ArrayExecutor(const BoundTree& tree, ArrayProgram program)
    : state_(std::make_unique<State>(tree, std::move(program))) {}

ArrayExecutor::~ArrayExecutor() = default;

const ArrayOutcome& ArrayExecutor::execute(const std::vector<ArrayLane>& lanes, std::optional<NodeId> advanced) {
  State& s = *state_;
  std::vector<ArrayLane> working;
  for (const ArrayLane& lane : lanes) {
    if (!lane.operations.empty()) working.push_back(lane);
  }
  if (working.empty()) return s.idle;
  const bool product = held_through_loops(s.points, working);
  s.holds = product && s.previous_is_product;
  s.previous_is_product = product;
  const WalkOutcome& walked = s.walk(working, advanced);
  if (s.holds) s.kept.follow(s.previous, working, advanced);
  s.previous = std::move(working);
  return s.outcome_of(walked);
}

}  // namespace loopsim
