#include "sim/pe_array/StepWalker.hpp"

#include <algorithm>

namespace loopsim {

namespace {

void move_to(TileState& state, const RankVector& base, const TileSlice& slice) {
  state.shape = slice.shape;
  state.base.resize(base.size());
  for (std::size_t r = 0; r < base.size(); ++r) state.base[r] = base[r] + slice.offset[r];
}

void append(std::vector<DemandRun>& runs, DemandRun run) {
  if (!runs.empty() && runs.back().demand == run.demand) {
    runs.back().steps += run.steps;
  } else {
    runs.push_back(run);
  }
}

void add(WalkOutcome& total, const WalkOutcome& part, std::int64_t times) {
  total.steps += times * part.steps;
  total.operations += times * part.operations;
  for (std::size_t p = 0; p < part.traffic.size(); ++p) add(total.traffic[p], part.traffic[p], times);
  if (part.runs.size() == 1) {
    append(total.runs, {times * part.runs.front().steps, part.runs.front().demand});
  } else {
    for (std::int64_t i = 0; i < times; ++i) {
      for (const DemandRun& run : part.runs) append(total.runs, run);
    }
  }
}

}  // namespace

StepWalker::StepWalker(const BoundTree& tree, const ArrayProgram& program, const std::vector<ArrayPoint>& points,
                       TileGeometry& geometry, DemandTable& demands)
    : tree_(tree),
      program_(program),
      points_(points),
      geometry_(geometry),
      demands_(demands),
      position_(tree, program.einsum, points),
      points_at_(program.nodes.size()),
      needs_previous_(program.nodes.size()) {
  for (std::size_t p = 0; p < points.size(); ++p) {
    points_at_[points[p].node].push_back(p);
    if (!points[p].reuses && points[p].own_axes.empty()) continue;
    std::fill_n(needs_previous_.begin(), points[p].node + 1, true);
  }
}

void StepWalker::make_key(std::size_t node, const TileState& current, const TileState* previous, bool advanced) {
  Key& key = key_;
  key.clear();
  key.push_back(static_cast<std::int64_t>(node) * 2 + (advanced ? 1 : 0));
  key.push_back(current.shape);
  if (previous != nullptr) {
    key.push_back(previous->shape);
    for (std::size_t r = 0; r < current.base.size(); ++r) key.push_back(previous->base[r] - current.base[r]);
  } else {
    key.push_back(-1);
  }
  if (node == 0) {
    for (const std::size_t p : points_at_[0]) key.push_back(takes_from_peers(p, 0, advanced) ? 1 : 0);
    for (const auto& [point, kept] : kept_) {
      key.push_back(static_cast<std::int64_t>(point));
      key.push_back(kept.shape);
      for (std::size_t r = 0; r < current.base.size(); ++r) key.push_back(kept.base[r] - current.base[r]);
    }
  }
  position_.append(key, current.base, geometry_.facts(current.shape).lengths);
}

const WalkOutcome& StepWalker::visit(std::size_t node, const TileState& current, const TileState* previous,
                                     bool advanced) {
  if (!needs_previous_[node]) previous = nullptr;
  make_key(node, current, previous, advanced && previous != nullptr);
  if (const auto found = known_.find(key_); found != known_.end()) return *found->second;

  Key key = key_;  // the scratch serves the visits below
  WalkOutcome outcome;
  outcome.traffic.resize(points_.size());
  switch (tree_.nodes[program_.nodes[node]].kind) {
    case NodeKind::temporal:
      visit_loop(outcome, node, current, previous);
      visit_points(outcome, node, current, previous, advanced);
      break;
    case NodeKind::spatial: {
      TileState split;
      TileState split_before;
      move_to(split, current.base, geometry_.split(node, current.shape));
      if (previous != nullptr) move_to(split_before, previous->base, geometry_.split(node, previous->shape));
      add(outcome, visit(node + 1, split, previous == nullptr ? nullptr : &split_before, advanced), 1);
      visit_points(outcome, node, current, previous, advanced);
      break;
    }
    case NodeKind::compute:
      visit_step(outcome, current);
      visit_points(outcome, node, current, previous, advanced);
      break;
    default:
      add(outcome, visit(node + 1, current, previous, advanced), 1);
      visit_points(outcome, node, current, previous, advanced);
  }
  outcomes_.push_back(std::move(outcome));
  known_.emplace(std::move(key), &outcomes_.back());
  return outcomes_.back();
}

void StepWalker::visit_loop(WalkOutcome& outcome, std::size_t node, const TileState& current,
                            const TileState* previous) {
  TileState before;
  const TileState* known_before = nullptr;
  if (previous != nullptr) {
    move_to(before, previous->base, geometry_.iterations(node, previous->shape).back());
    known_before = &before;
  }
  const std::vector<TileSlice>& iterations = geometry_.iterations(node, current.shape);
  TileState state;
  const WalkOutcome* repeated = nullptr;
  std::int64_t times = 0;
  for (std::size_t i = 0; i < iterations.size(); ++i) {
    move_to(state, current.base, iterations[i]);
    const bool advanced = i > 0 && iterations[i].index == iterations[i - 1].index + 1;
    const WalkOutcome& one = visit(node + 1, state, known_before, advanced);
    if (&one == repeated) {
      ++times;
    } else {
      if (repeated != nullptr) add(outcome, *repeated, times);
      repeated = &one;
      times = 1;
    }
    std::swap(before, state);
    known_before = &before;
  }
  if (repeated != nullptr) add(outcome, *repeated, times);
}

/// Words move in the first step of the visit, in which the tiles change.
void StepWalker::visit_points(WalkOutcome& outcome, std::size_t node, const TileState& current,
                              const TileState* previous, bool advanced) {
  DemandId demand = 0;
  for (std::size_t p : points_at_[node]) {
    const auto kept = node == 0 ? kept_.find(p) : kept_.end();
    const PointVisit one = geometry_.visit(p, current, kept == kept_.end() ? previous : &kept->second,
                                           takes_from_peers(p, node, advanced));
    add(outcome.traffic[p], one.traffic, 1);
    demand = demands_.add(demand, one.demand);
  }
  if (demand == 0) return;
  std::vector<DemandRun> runs;
  append(runs, {1, demands_.add(demand, outcome.runs.front().demand)});
  --outcome.runs.front().steps;
  for (const DemandRun& run : outcome.runs) {
    if (run.steps > 0) append(runs, run);
  }
  outcome.runs = std::move(runs);
}

void StepWalker::visit_step(WalkOutcome& outcome, const TileState& current) {
  outcome.steps = 1;
  outcome.operations = geometry_.facts(current.shape).operations;
  outcome.runs.push_back({1, 0});
}

}  // namespace loopsim
