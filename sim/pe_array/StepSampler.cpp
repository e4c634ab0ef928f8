#include "sim/pe_array/StepSampler.hpp"

#include <algorithm>

#include "sim/pe_array/BoxGeometry.hpp"
#include "sim/pe_array/InstanceGeometry.hpp"

namespace loopsim {

namespace {

TileState inner_of(const TileState& outer, const TileSlice& slice) {
  TileState inner{slice.shape, outer.base};
  for (std::size_t r = 0; r < inner.base.size(); ++r) inner.base[r] += slice.offset[r];
  return inner;
}

/// Takes the next digit, below `count`, off a fraction.
std::size_t take_digit(double& fraction, std::size_t count) {
  fraction *= static_cast<double>(count);
  const auto digit = std::min(count - 1, static_cast<std::size_t>(fraction));
  fraction -= static_cast<double>(digit);
  return digit;
}

bool is_box(const ArrayLane& lane) {
  return lane.operations.boxes().size() <= 1;
}

}  // namespace

struct StepSampler::State {
  State(const BoundTree& bound, ArrayProgram array_program)
      : tree(bound),
        program(std::move(array_program)),
        points(array_points(tree, program)),
        demands(tree, program.einsum),
        instances(tree, program, points, demands),
        boxes(tree, program, points, demands, instances),
        one_access_each(
            std::all_of(points.begin(), points.end(), [](const ArrayPoint& p) { return p.accesses.size() == 1; })) {
    for (std::size_t node = 0; node < program.nodes.size(); ++node) {
      if (tree.nodes[program.nodes[node]].kind == NodeKind::temporal) loops.push_back(node);
    }
  }

  /// In a geometry that suits the tile operation.
  template <class Geometry>
  void sample(Geometry& geometry, const TileSample& operation, std::int64_t most, std::vector<SampledStep>& steps);
  double count_of(TileGeometry& geometry, std::size_t loop, TileState state) const;
  std::size_t descend(TileGeometry& geometry, std::size_t loop, double fraction, TileState& state,
                      double& weight) const;
  void begin(TileGeometry& geometry, std::size_t node, const TileState& current, const TileState* before,
             std::optional<NodeId> advanced, SampledStep& step) const;

  /// Multiples of the golden ratio fill the unit interval evenly, however many there are, and repeat no distance.
  double next_fraction() {
    drawn += 0.6180339887498949;
    if (drawn >= 1) drawn -= 1;
    return drawn;
  }

  const BoundTree& tree;
  const ArrayProgram program;
  const std::vector<ArrayPoint> points;
  DemandTable demands;
  InstanceGeometry instances;
  BoxGeometry boxes;
  bool one_access_each;            ///< each tensor is reached through one access
  std::vector<std::size_t> loops;  ///< positions in the program
  double drawn = 0;                ///< the last fraction
};

/// What moves as a node and those below it are visited for the first time, all loops at their first iteration.
/// `advanced`: the loop above the node that went on by one for this.
void StepSampler::State::begin(TileGeometry& geometry, std::size_t node, const TileState& current,
                               const TileState* before, std::optional<NodeId> advanced, SampledStep& step) const {
  for (std::size_t p = 0; p < points.size(); ++p) {
    const ArrayPoint& point = points[p];
    if (point.node != node || !point.lines) continue;
    const TileState* held = point.reuses || !point.own_axes.empty() ? before : nullptr;
    const bool from_peers = node == 0 ? point.takes_from_peers(advanced) : advanced.has_value();
    std::vector<MovedBoxes> words = geometry.moved_words(p, current, held, from_peers && held != nullptr);
    if (!words.empty()) step.accesses.push_back({point.traffic.tensor, std::move(words)});
  }
  const NodeKind kind = tree.nodes[program.nodes[node]].kind;
  if (kind == NodeKind::compute) return;
  if (node == 0 && advanced != program.loop_above) advanced.reset();
  TileState inner = current;
  TileState inner_before;
  if (before != nullptr) inner_before = *before;
  if (kind == NodeKind::temporal) {
    inner = inner_of(current, geometry.iterations(node, current.shape).front());
    if (before != nullptr) inner_before = inner_of(*before, geometry.iterations(node, before->shape).back());
    advanced.reset();
  } else if (kind == NodeKind::spatial) {
    inner = inner_of(current, geometry.split(node, current.shape));
    if (before != nullptr) inner_before = inner_of(*before, geometry.split(node, before->shape));
  }
  begin(geometry, node + 1, inner, before == nullptr ? nullptr : &inner_before, advanced, step);
}

/// Steps that begin with an iteration of loops[loop] that is not its first, as far as the first iterations tell.
double StepSampler::State::count_of(TileGeometry& geometry, std::size_t loop, TileState state) const {
  double count = 1;
  for (std::size_t node = 0;; ++node) {
    const NodeKind kind = tree.nodes[program.nodes[node]].kind;
    if (kind == NodeKind::spatial) state = inner_of(state, geometry.split(node, state.shape));
    if (kind != NodeKind::temporal) continue;
    const std::vector<TileSlice>& iterations = geometry.iterations(node, state.shape);
    if (node == loops[loop]) return count * static_cast<double>(iterations.size() - 1);
    count *= static_cast<double>(iterations.size());
    state = inner_of(state, iterations.front());
  }
}

/// Goes down to the tile above loops[loop], at the iterations that the fraction picks; returns the iteration of that
/// loop. `weight` becomes the number of steps to choose among.
std::size_t StepSampler::State::descend(TileGeometry& geometry, std::size_t loop, double fraction, TileState& state,
                                        double& weight) const {
  for (std::size_t node = 0;; ++node) {
    const NodeKind kind = tree.nodes[program.nodes[node]].kind;
    if (kind == NodeKind::spatial) state = inner_of(state, geometry.split(node, state.shape));
    if (kind != NodeKind::temporal) continue;
    const std::vector<TileSlice>& iterations = geometry.iterations(node, state.shape);
    const bool last = node == loops[loop];
    const std::size_t choices = iterations.size() - (last ? 1 : 0);
    weight *= static_cast<double>(choices);
    if (choices == 0) return 0;
    const std::size_t index = take_digit(fraction, choices);
    if (last) return index + 1;
    state = inner_of(state, iterations[index]);
  }
}

template <class Geometry>
void StepSampler::State::sample(Geometry& geometry, const TileSample& operation, std::int64_t most,
                                std::vector<SampledStep>& steps) {
  const TileState tile = geometry.state_of(operation.lanes);
  const auto take = [&](SampledStep step) {
    if (!step.accesses.empty()) steps.push_back(std::move(step));
  };
  SampledStep first{operation.weight, {}};
  if (!operation.previous.empty()) {
    const TileState before = geometry.state_of(operation.previous);
    begin(geometry, 0, tile, &before, operation.advanced, first);
  } else {
    begin(geometry, 0, tile, nullptr, std::nullopt, first);
  }
  take(std::move(first));
  std::vector<std::pair<double, std::size_t>> by_count;
  for (std::size_t loop = 0; loop < loops.size(); ++loop) by_count.emplace_back(count_of(geometry, loop, tile), loop);
  std::sort(by_count.begin(), by_count.end());
  for (std::size_t i = 0; i < by_count.size(); ++i) {
    // What loops with few steps leave goes to those with many.
    const auto [count, loop] = by_count[i];
    const std::int64_t share = std::max<std::int64_t>(1, most / static_cast<std::int64_t>(by_count.size() - i));
    const bool all = count <= static_cast<double>(share);
    const std::int64_t samples = all ? static_cast<std::int64_t>(count) : share;
    most -= samples;
    for (std::int64_t k = 0; k < samples; ++k) {
      SampledStep step{operation.weight / static_cast<double>(samples), {}};
      TileState outer = tile;
      const double fraction = all ? (static_cast<double>(k) + 0.5) / count : next_fraction();
      const std::size_t index = descend(geometry, loop, fraction, outer, step.weight);
      if (index == 0) continue;
      const std::vector<TileSlice>& iterations = geometry.iterations(loops[loop], outer.shape);
      const TileState current = inner_of(outer, iterations[index]);
      const TileState last = inner_of(outer, iterations[index - 1]);
      const bool advanced = iterations[index].index == iterations[index - 1].index + 1;
      begin(geometry, loops[loop] + 1, current, &last,
            advanced ? std::optional(program.nodes[loops[loop]]) : std::nullopt, step);
      take(std::move(step));
    }
  }
}

StepSampler::StepSampler(const BoundTree& tree, const ArrayProgram& program)
    : state_(std::make_unique<State>(tree, program)) {}

StepSampler::~StepSampler() = default;

void StepSampler::sample(const TileSample& operation, std::int64_t most, std::vector<SampledStep>& steps) {
  TileSample working{{}, {}, operation.advanced, operation.weight};
  const auto works = [](const ArrayLane& lane) { return !lane.operations.empty(); };
  std::copy_if(operation.lanes.begin(), operation.lanes.end(), std::back_inserter(working.lanes), works);
  std::copy_if(operation.previous.begin(), operation.previous.end(), std::back_inserter(working.previous), works);
  if (working.lanes.empty()) return;
  State& s = *state_;
  const bool boxes = std::all_of(working.lanes.begin(), working.lanes.end(), is_box) &&
                     std::all_of(working.previous.begin(), working.previous.end(), is_box);
  if (s.one_access_each && boxes) {
    s.sample(s.boxes, working, most, steps);
  } else {
    s.sample(s.instances, working, most, steps);
  }
}

}  // namespace loopsim
