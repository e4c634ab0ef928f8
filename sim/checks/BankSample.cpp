#include "sim/checks/BankSample.hpp"

#include <algorithm>
#include <map>

namespace loopsim {

namespace {

constexpr std::size_t fewest_operations = 3;
constexpr std::int64_t steps_of_an_einsum = 1000;

bool works(const TileOperation& operation) {
  return std::any_of(operation.lanes.begin(), operation.lanes.end(),
                     [](const ArrayLane& lane) { return !lane.operations.empty(); });
}

/// Some of a leaf's tile operations at equal distances.
std::vector<TileSample> sample_operations(const BoundTree& tree, const Schedule& schedule, LeafIndex leaf) {
  std::vector<TileSample> sample;
  std::vector<ArrayLane> previous;
  std::int64_t distance = 1;
  OperationStream stream(tree, schedule, leaf);
  std::int64_t count = 0;
  while (stream.peek(0) != nullptr) {
    TileOperation operation = stream.take();
    if (!works(operation)) continue;
    if (count++ % distance == distance / 2) sample.push_back({operation.lanes, previous, operation.advanced, 1});
    previous = std::move(operation.lanes);
    if (sample.size() < 3 * fewest_operations) continue;
    for (std::size_t kept = 0; kept < fewest_operations; ++kept) sample[kept] = std::move(sample[3 * kept + 1]);
    sample.resize(fewest_operations);
    distance *= 3;
  }
  for (TileSample& one : sample) one.weight = static_cast<double>(count) / static_cast<double>(sample.size());
  return sample;
}

BankLines lines_at(const TensorLines& map, const std::vector<Box>& words) {
  return map.lines_of(words, std::vector<Coordinate>(words.front().dimensions.size()));
}

}  // namespace

BankSample::BankSample(const BoundTree& tree, const Schedule& schedule)
    : banks_(static_cast<std::size_t>(tree.architecture.memories[banked_level.value].banks->count)),
      dual_(tree.architecture.memories[banked_level.value].banks->dual_ported),
      steps_with_(tree.tensors.size()),
      accesses_(tree.tensors.size()) {
  for (LeafIndex l = 0; l < schedule.leaves.size(); ++l) {
    const Leaf& leaf = schedule.leaves[l];
    const std::vector<TileSample> operations = sample_operations(tree, schedule, l);
    if (operations.empty()) continue;
    StepSampler sampler(tree, leaf.program);
    const std::int64_t most = steps_of_an_einsum / static_cast<std::int64_t>(operations.size());
    std::vector<SampledStep> sampled;
    for (const TileSample& one : operations) sampler.sample(one, most, sampled);
    for (SampledStep& step : sampled) add(std::move(step), tree.graph.einsums[leaf.einsum].steps_per_operation);
  }
}

void BankSample::add(SampledStep sampled, std::int64_t pace) {
  Step step{sampled.weight, pace, {}};
  for (SampledStep::Access& access : sampled.accesses) {
    const std::size_t tensor = access.tensor.value;
    step.accesses.push_back({tensor, accesses_[tensor].size()});
    accesses_[tensor].push_back({std::move(access.words), sampled.weight});
    std::vector<std::size_t>& steps = steps_with_[tensor];
    if (steps.empty() || steps.back() != steps_.size()) steps.push_back(steps_.size());
  }
  steps_.push_back(std::move(step));
}

BankSample::Lines BankSample::lines_of(TensorId tensor, const TensorLines& map) const {
  const std::vector<Access>& accesses = accesses_[tensor.value];
  Lines lines(accesses.size() * 2 * banks_);

  auto at = lines.begin();
  for (const Access& access : accesses) {
    // Instances of the level run in lock step: the busiest one counts.
    for (const MovedBoxes& words : access.words) {
      auto bank = at;
      for (const std::vector<Box>* boxes : {&words.read, &words.written}) {
        const BankLines by_bank = boxes->empty() ? BankLines(banks_) : lines_at(map, *boxes);
        for (const std::int64_t count : by_bank) {
          *bank = std::max(*bank, count);
          ++bank;
        }
      }
    }
    at += static_cast<std::ptrdiff_t>(2 * banks_);
  }
  return lines;
}

double BankSample::lines_in_all(TensorId tensor, const LineMap& map) const {
  const TensorLines one_bank(map, 1, 0);
  double sum = 0;
  for (const Access& access : accesses_[tensor.value]) {
    for (const MovedBoxes& words : access.words) {
      for (const std::vector<Box>* boxes : {&words.read, &words.written}) {
        if (!boxes->empty()) sum += access.weight * static_cast<double>(lines_at(one_bank, *boxes)[0]);
      }
    }
  }
  return sum;
}

double BankSample::wait_of(const Step& step, const std::vector<const Lines*>& lines) const {
  std::vector<std::int64_t> busy(2 * banks_);
  for (const StepAccess& access : step.accesses) {
    if (lines[access.tensor] == nullptr) continue;
    const std::int64_t* const counts = lines[access.tensor]->data() + access.number * 2 * banks_;
    for (std::size_t b = 0; b < 2 * banks_; ++b) busy[b] += counts[b];
  }
  std::int64_t cycles = step.pace;
  for (std::size_t b = 0; b < banks_; ++b) {
    cycles = std::max(cycles, dual_ ? std::max(busy[b], busy[banks_ + b]) : busy[b] + busy[banks_ + b]);
  }
  return step.weight * static_cast<double>(cycles - step.pace);
}

double BankSample::waits(const std::vector<const Lines*>& lines) const {
  double sum = 0;
  for (const Step& step : steps_) sum += wait_of(step, lines);
  return sum;
}

double BankSample::waits(const std::vector<const Lines*>& lines, TensorId tensor) const {
  double sum = 0;
  for (const std::size_t step : steps_with_[tensor.value]) sum += wait_of(steps_[step], lines);
  return sum;
}

std::vector<std::int64_t> BankSample::wanted(TensorId tensor, std::size_t dimension) const {
  std::map<std::int64_t, double> weights;
  for (const Access& access : accesses_[tensor.value]) {
    for (const MovedBoxes& words : access.words) {
      for (const std::vector<Box>* boxes : {&words.read, &words.written}) {
        for (const Box& box : *boxes) weights[box.dimensions[dimension].size()] += access.weight;
      }
    }
  }
  std::vector<std::pair<double, std::int64_t>> sorted;
  for (const auto& [count, weight] : weights) sorted.emplace_back(-weight, count);
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::int64_t> counts;
  for (std::size_t i = 0; i < std::min<std::size_t>(sorted.size(), 2); ++i) counts.push_back(sorted[i].second);
  return counts;
}

}  // namespace loopsim
