#include "sim/pe_array/StepWords.hpp"

#include <algorithm>
#include <unordered_map>

#include "mapping/TensorLayout.hpp"
#include "sim/pe_array/HeldThroughLoops.hpp"
#include "sim/pe_array/InstanceGeometry.hpp"
#include "sim/pe_array/KeptTiles.hpp"
#include "sim/pe_array/NumbersHash.hpp"
#include "sim/pe_array/PositionKey.hpp"

namespace loopsim {

namespace {

constexpr LevelId listed_level(1);

/// Numbers of the words, relative to `first`.
void append_numbers(std::vector<std::int64_t>& numbers, const PointSet& words, const TensorLayout& layout,
                    std::int64_t first) {
  for (const IndexRun run : index_runs(layout, words)) {
    for (std::size_t i = 0; i < run.count; ++i) numbers.push_back(static_cast<std::int64_t>(run.first + i) - first);
  }
}

void move_to(TileState& state, const RankVector& base, const TileSlice& slice) {
  state.shape = slice.shape;
  state.base.resize(base.size());
  for (std::size_t r = 0; r < base.size(); ++r) state.base[r] = base[r] + slice.offset[r];
}

std::vector<ArrayLane> working_of(const std::vector<ArrayLane>& lanes) {
  std::vector<ArrayLane> working;
  for (const ArrayLane& lane : lanes) {
    if (!lane.operations.empty()) working.push_back(lane);
  }
  return working;
}

}  // namespace

namespace {

/// Walks over the steps with the points at their own nodes, or where their tiles begin to be held.
struct WordWalk {
  using Access = StepWords::Access;
  using Visitor = StepWords::Visitor;

  WordWalk(const BoundTree& bound, const ArrayProgram& array_program, bool in_place)
      : tree(bound),
        program(array_program),
        points(array_points(tree, program, in_place)),
        demands(tree, program.einsum),
        geometry(tree, program, points, demands),
        position(tree, program.einsum, points),
        points_at(program.nodes.size()),
        kept(points, geometry) {
    for (std::size_t p = 0; p < points.size(); ++p) {
      layouts.emplace_back();
      if (points[p].parent_level != listed_level) continue;
      points_at[points[p].node].push_back(p);
      layouts.back() = tensor_layout(tree, points[p].traffic.tensor);
    }
  }

  /// What a visit of a point moves.
  struct Words {
    std::vector<std::int64_t> read;
    std::vector<std::int64_t> written;
  };

  void visit(std::size_t node, const TileState& current, const TileState* before, bool advanced);
  void visit_loop(std::size_t node, const TileState& current, const TileState* outer_before);
  void visit_point(std::size_t p, const TileState& current, const TileState* before, bool advanced);
  std::int64_t number_of(std::size_t p, const RankVector& base) const;

  void list(const std::vector<ArrayLane>& working, const std::vector<ArrayLane>& previous,
            std::optional<NodeId> advanced);

  const BoundTree& tree;
  const ArrayProgram& program;
  const std::vector<ArrayPoint> points;
  DemandTable demands;
  InstanceGeometry geometry;
  PositionKey position;
  std::vector<std::vector<std::size_t>> points_at;  ///< of each node
  std::vector<TensorLayout> layouts;                ///< of each point; empty if it is not listed
  KeptTiles kept;
  std::map<std::size_t, TileState> held;  ///< of the walk at hand, by point: see KeptTiles
  std::optional<NodeId> advanced_loop;    ///< of the walk at hand
  std::vector<Access> step;               ///< of the next one
  const Visitor* visitor = nullptr;
  bool stopped = false;
  std::vector<std::int64_t> key;  ///< scratch
  std::unordered_map<std::vector<std::int64_t>, Words, NumbersHash> known;
};

}  // namespace

struct StepWords::State {
  State(const BoundTree& tree, ArrayProgram array_program)
      : program(std::move(array_program)), walk(tree, program, false), walk_in_place(tree, program, true) {}

  /// As ArrayExecutor chooses.
  WordWalk& walk_for(const std::vector<ArrayLane>& working) {
    return held_through_loops(walk.points, working) && held_through_loops(walk.points, previous) ? walk : walk_in_place;
  }
  void remember(std::vector<ArrayLane> working, std::optional<NodeId> advanced) {
    if (&walk_for(working) == &walk) {
      walk.kept.follow(previous, working, advanced);
    } else {
      walk.kept.clear();
    }
    previous = std::move(working);
  }

  const ArrayProgram program;
  WordWalk walk;
  WordWalk walk_in_place;
  std::vector<ArrayLane> previous;  ///< the last tile operation that did something
};

namespace {

/// Of the word that the first access reaches at `base`; it may lie outside the tensor, since only differences count.
std::int64_t WordWalk::number_of(std::size_t p, const RankVector& base) const {
  const std::vector<Coordinate> word = word_at(*points[p].accesses.front(), base);
  std::int64_t number = 0;
  for (std::size_t d = 0; d < word.size(); ++d) number += (word[d] - layouts[p].box[d].low) * layouts[p].strides[d];
  return number;
}

/// Visits that differ by a translation which no extent can tell move the same words, further on.
void WordWalk::visit_point(std::size_t p, const TileState& current, const TileState* before, bool advanced) {
  const ArrayPoint& point = points[p];
  if (!point.reuses && point.own_axes.empty()) before = nullptr;
  key.clear();
  key.push_back(static_cast<std::int64_t>(p) * 2 + (advanced && before != nullptr ? 1 : 0));
  key.push_back(current.shape);
  if (before != nullptr) {
    key.push_back(before->shape);
    for (std::size_t r = 0; r < current.base.size(); ++r) key.push_back(before->base[r] - current.base[r]);
  } else {
    key.push_back(-1);
  }
  position.append(key, current.base, geometry.facts(current.shape).lengths);
  const std::int64_t first = number_of(p, current.base);
  const auto [found, added] = known.try_emplace(key);
  Words& words = found->second;
  if (added) {
    for (const InstanceGeometry::ParentWords& parent : geometry.parent_words(p, current, before, advanced)) {
      append_numbers(words.read, parent.read, layouts[p], first);
      if (point.traffic.output) append_numbers(words.written, parent.words, layouts[p], first);
    }
    std::sort(words.read.begin(), words.read.end());
    std::sort(words.written.begin(), words.written.end());
  }
  if (words.read.empty() && words.written.empty()) return;
  step.push_back({point.traffic.tensor, &words.read, &words.written, first});
}

void WordWalk::visit(std::size_t node, const TileState& current, const TileState* before, bool advanced) {
  // Words move in the first step of a visit, in which the tiles change.
  for (const std::size_t p : points_at[node]) {
    const auto earlier = node == 0 ? held.find(p) : held.end();
    const bool from_peers = node == 0 ? points[p].takes_from_peers(advanced_loop) : advanced;
    visit_point(p, current, earlier == held.end() ? before : &earlier->second, from_peers);
  }
  switch (tree.nodes[program.nodes[node]].kind) {
    case NodeKind::temporal:
      visit_loop(node, current, before);
      break;
    case NodeKind::spatial: {
      TileState split;
      TileState split_before;
      move_to(split, current.base, geometry.split(node, current.shape));
      if (before != nullptr) move_to(split_before, before->base, geometry.split(node, before->shape));
      visit(node + 1, split, before == nullptr ? nullptr : &split_before, advanced);
      break;
    }
    case NodeKind::compute:
      stopped = !(*visitor)(step);
      step.clear();
      break;
    default:
      visit(node + 1, current, before, advanced);
  }
}

void WordWalk::visit_loop(std::size_t node, const TileState& current, const TileState* outer_before) {
  TileState before;
  const TileState* known_before = nullptr;
  if (outer_before != nullptr) {
    move_to(before, outer_before->base, geometry.iterations(node, outer_before->shape).back());
    known_before = &before;
  }
  const std::vector<TileSlice>& iterations = geometry.iterations(node, current.shape);
  TileState state;
  for (std::size_t i = 0; i < iterations.size() && !stopped; ++i) {
    move_to(state, current.base, iterations[i]);
    visit(node + 1, state, known_before, i > 0 && iterations[i].index == iterations[i - 1].index + 1);
    std::swap(before, state);
    known_before = &before;
  }
}

void WordWalk::list(const std::vector<ArrayLane>& working, const std::vector<ArrayLane>& previous,
                    std::optional<NodeId> advanced) {
  held.clear();
  advanced_loop = advanced;
  const bool innermost = advanced && advanced == program.loop_above;
  if (previous.empty()) return visit(0, geometry.state_of(working), nullptr, innermost);
  const TileState before = geometry.state_of(previous);
  for (const auto& [point, lanes] : kept.lanes()) held.emplace(point, geometry.state_of(lanes));
  visit(0, geometry.state_of(working), &before, innermost);
}

}  // namespace

StepWords::StepWords(const BoundTree& tree, const ArrayProgram& program)
    : state_(std::make_unique<State>(tree, program)) {}

StepWords::~StepWords() = default;

void StepWords::list(const std::vector<ArrayLane>& lanes, std::optional<NodeId> advanced, const Visitor& visitor) {
  State& s = *state_;
  std::vector<ArrayLane> working = working_of(lanes);
  if (working.empty()) return;
  WordWalk& walk = s.walk_for(working);
  walk.visitor = &visitor;
  walk.stopped = false;
  walk.step.clear();
  walk.list(working, s.previous, advanced);
  s.remember(std::move(working), advanced);
}

void StepWords::skip(const std::vector<ArrayLane>& lanes, std::optional<NodeId> advanced) {
  std::vector<ArrayLane> working = working_of(lanes);
  if (!working.empty()) state_->remember(std::move(working), advanced);
}

}  // namespace loopsim
