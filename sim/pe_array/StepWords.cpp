#include "sim/pe_array/StepWords.hpp"

#include <algorithm>
#include <unordered_map>

#include "sim/functional/TensorLayout.hpp"
#include "sim/pe_array/InstanceGeometry.hpp"
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

struct StepWords::State {
  State(const BoundTree& bound, ArrayProgram array_program)
      : tree(bound),
        program(std::move(array_program)),
        points(array_points(tree, program)),
        demands(tree, program.einsum),
        geometry(tree, program, points, demands),
        position(tree, program.einsum, points),
        points_at(program.nodes.size()) {
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

  const BoundTree& tree;
  const ArrayProgram program;
  const std::vector<ArrayPoint> points;
  DemandTable demands;
  InstanceGeometry geometry;
  PositionKey position;
  std::vector<std::vector<std::size_t>> points_at;  ///< of each node
  std::vector<TensorLayout> layouts;                ///< of each point; empty if it is not listed
  std::vector<ArrayLane> previous;                  ///< the last tile operation that did something
  std::vector<Access> step;                         ///< of the next one
  const Visitor* visitor = nullptr;
  bool stopped = false;
  std::vector<std::int64_t> key;  ///< scratch
  std::unordered_map<std::vector<std::int64_t>, Words, NumbersHash> known;
};

/// Of the word that the first access reaches at `base`; it may lie outside the tensor, since only differences count.
std::int64_t StepWords::State::number_of(std::size_t p, const RankVector& base) const {
  const std::vector<Coordinate> word = word_at(*points[p].accesses.front(), base);
  std::int64_t number = 0;
  for (std::size_t d = 0; d < word.size(); ++d) number += (word[d] - layouts[p].box[d].low) * layouts[p].strides[d];
  return number;
}

/// Visits that differ by a translation which no extent can tell move the same words, further on.
void StepWords::State::visit_point(std::size_t p, const TileState& current, const TileState* before, bool advanced) {
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

void StepWords::State::visit(std::size_t node, const TileState& current, const TileState* before, bool advanced) {
  // Words move in the first step of a visit, in which the tiles change.
  for (const std::size_t p : points_at[node]) visit_point(p, current, before, advanced);
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

void StepWords::State::visit_loop(std::size_t node, const TileState& current, const TileState* outer_before) {
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

StepWords::StepWords(const BoundTree& tree, const ArrayProgram& program)
    : state_(std::make_unique<State>(tree, program)) {}

StepWords::~StepWords() = default;

void StepWords::list(const std::vector<ArrayLane>& lanes, bool follows_previous, const Visitor& visitor) {
  State& s = *state_;
  std::vector<ArrayLane> working = working_of(lanes);
  if (working.empty()) return;
  s.visitor = &visitor;
  s.stopped = false;
  s.step.clear();
  if (s.previous.empty()) {
    s.visit(0, s.geometry.state_of(working), nullptr, follows_previous);
  } else {
    const TileState before = s.geometry.state_of(s.previous);
    s.visit(0, s.geometry.state_of(working), &before, follows_previous);
  }
  s.previous = std::move(working);
}

void StepWords::skip(const std::vector<ArrayLane>& lanes) {
  std::vector<ArrayLane> working = working_of(lanes);
  if (!working.empty()) state_->previous = std::move(working);
}

}  // namespace loopsim
