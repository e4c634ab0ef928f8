#include "tests/generator/RandomWorkload.hpp"

#include <algorithm>
#include <functional>

#include "tests/generator/Layers.hpp"

namespace loopsim::generator {

namespace {

using Layer = std::function<std::size_t(std::size_t)>;

/// Adds a layer unless it would be too large; then the input is the result.
std::size_t add_within_budget(WorkloadDraft& draft, std::size_t input, const Layer& layer) {
  const Workload before = draft.workload;
  const std::size_t result = layer(input);
  for (std::size_t e = before.einsums.size(); e < draft.workload.einsums.size(); ++e) {
    if (operations(draft.workload.einsums[e]) > draft.habits.most_operations) {
      draft.workload = before;
      return input;
    }
  }
  return result;
}

/// Another tensor of the same axes and extents, or the same if there is none.
std::size_t find_alike(WorkloadDraft& draft, std::size_t tensor) {
  const auto& tensors = draft.workload.tensors;
  std::vector<std::size_t> alike;
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    if (t != tensor && tensors[t].axes == tensors[tensor].axes && tensors[t].extents == tensors[tensor].extents) {
      alike.push_back(t);
    }
  }
  return alike.empty() ? tensor : draft.dice.pick(alike);
}

std::size_t add_bias(WorkloadDraft& draft, std::size_t tensor, const std::string& operation) {
  const Tensor source = draft.workload.tensors[tensor];
  const std::size_t axis = draft.dice.below(source.axes.size());
  const std::size_t bias = add_input(draft, source.axes.substr(axis, 1), {source.extents[axis]});
  return add_pointwise(draft, operation, {tensor, bias});
}

std::size_t add_shortcut(WorkloadDraft& draft, std::size_t tensor) {
  const std::size_t other = find_alike(draft, tensor);
  if (other == tensor) return add_pointwise(draft, "relu", {tensor});
  return add_pointwise(draft, draft.dice.pick(std::vector<std::string>{"add", "add", "mul", "sub"}), {tensor, other});
}

/// Two layers from one tensor, joined again.
std::size_t add_diamond(WorkloadDraft& draft, std::size_t tensor, const Layer& left, const Layer& right) {
  const std::size_t one = left(tensor);
  const std::size_t two = draft.dice.percent(30) ? right(right(tensor)) : right(tensor);
  const Tensor& a = draft.workload.tensors[one];
  const Tensor& b = draft.workload.tensors[two];
  if (one == two || a.axes != b.axes || a.extents != b.extents) return two;  // then both are results
  return add_pointwise(draft, draft.dice.percent(60) ? "add" : "mul", {one, two});
}

bool has_axis(const WorkloadDraft& draft, std::size_t tensor, char axis) {
  return draft.workload.tensors[tensor].axes.find(axis) != std::string::npos;
}

Mixing pick_mixing(Dice& dice) {
  return dice.pick(std::vector<Mixing>{Mixing::dense, Mixing::dense, Mixing::dense, Mixing::dense, Mixing::depthwise,
                                       Mixing::depthwise, Mixing::pooling, Mixing::pooling, Mixing::grouped});
}

std::size_t grow_image(WorkloadDraft& draft) {
  Dice& dice = draft.dice;
  const std::string axes = dice.pick(std::vector<std::string>{"CHW", "CHW", "HWC", "CH", "HC", "HW", "NCHW", "WHC"});
  std::vector<int> extents;
  for (const char axis : axes) {
    const bool plane = axes.size() > 2 || axes == "HW";
    if (axis == 'N') extents.push_back(dice.between(1, 3));
    if (axis == 'C') extents.push_back(dice.between(1, draft.habits.most_channels));
    if (axis == 'H' || axis == 'W') extents.push_back(plane ? dice.between(4, 14) : dice.between(4, 40));
  }
  std::size_t tensor = add_input(draft, axes, extents);
  const int layers = dice.pick(std::vector<int>{1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6});
  const Layer window = [&](std::size_t t) { return add_window(draft, t, pick_mixing(dice), false); };
  for (int i = 0; i < layers; ++i) {
    const int choice = dice.between(0, 99);
    const auto one_more = [&](std::size_t t) -> std::size_t {
      if (choice < 48) return window(t);
      if (choice < 60) return add_window(draft, t, Mixing::dense, true);
      if (choice < 66) return add_bias(draft, t, dice.percent(60) ? "add" : "mul");
      if (choice < 74) return add_pointwise(draft, dice.percent(80) ? "relu" : "exp", {t});
      if (choice < 86) return add_shortcut(draft, t);
      return add_diamond(draft, t, window, dice.percent(50) ? window : Layer([&](std::size_t u) {
                           return add_pointwise(draft, "relu", {u});
                         }));
    };
    tensor = add_within_budget(draft, tensor, one_more);
  }
  if (draft.workload.einsums.empty()) tensor = add_pointwise(draft, "relu", {tensor});
  if (dice.percent(8)) {
    for (const char axis : {'H', 'W'}) {
      if (has_axis(draft, tensor, axis) && draft.workload.tensors[tensor].axes.size() > 1) {
        tensor = add_reduction(draft, tensor, axis, "mac");
      }
    }
    if (has_axis(draft, tensor, 'C')) tensor = add_matmul(draft, tensor, 'C', dice.between(2, 10));
  }
  return tensor;
}

std::size_t grow_matrices(WorkloadDraft& draft) {
  Dice& dice = draft.dice;
  const int features = dice.between(2, 16);
  std::size_t tensor = dice.percent(80) ? add_input(draft, "TF", {dice.between(2, 20), features})
                                        : add_input(draft, "BTF", {dice.between(1, 3), dice.between(2, 8), features});
  std::size_t weight = static_cast<std::size_t>(-1);  // shared by all layers whose width does not change
  const int layers = dice.pick(std::vector<int>{1, 1, 2, 2, 3, 3, 4, 5, 6});
  for (int i = 0; i < layers; ++i) {
    const int choice = dice.between(0, 99);
    const auto width = [&](std::size_t t) {
      return draft.workload.tensors[t].extents[draft.workload.tensors[t].axes.find('F')];
    };
    const Layer project = [&](std::size_t t) { return add_matmul(draft, t, 'F', dice.between(1, 16)); };
    const auto one_more = [&](std::size_t t) -> std::size_t {
      if (choice < 40) return project(t);
      if (choice < 55 && width(t) == features) return add_matmul(draft, t, 'F', features, &weight);
      if (choice < 65) return add_pointwise(draft, dice.percent(70) ? "relu" : "exp", {t});
      if (choice < 72) return add_bias(draft, t, "add");
      if (choice < 84) return add_shortcut(draft, t);
      if (choice < 92) {
        const int outputs = dice.between(1, 12);
        const Layer gate = [&draft, outputs](std::size_t u) { return add_matmul(draft, u, 'F', outputs); };
        return add_diamond(draft, t, gate, gate);
      }
      const std::size_t maxima = add_reduction(draft, t, 'F', dice.percent(50) ? "max" : "mac");
      return add_pointwise(draft, dice.percent(50) ? "sub" : "div", {t, maxima});
    };
    const std::size_t before = draft.workload.tensors.size();
    tensor = add_within_budget(draft, tensor, one_more);
    if (draft.workload.tensors.size() == before) weight = static_cast<std::size_t>(-1);
  }
  return tensor;
}

/// Scores, a softmax of some kind, values; with projections before and after if so chosen.
std::size_t grow_attention(WorkloadDraft& draft) {
  Dice& dice = draft.dice;
  const bool batch = dice.percent(25);
  const auto operand = [&](const std::string& axes, std::vector<int> extents) {
    if (!batch) return add_input(draft, axes, extents);
    extents.insert(extents.begin(), 2);
    return add_input(draft, "B" + axes, extents);
  };
  const int rows = dice.between(2, 12), keys = dice.between(2, 12), width = dice.between(1, 8);
  std::size_t queries = operand("TF", {rows, width});
  if (dice.percent(30)) queries = add_matmul(draft, queries, 'F', width);
  const std::size_t k = operand("UF", {keys, width});
  std::size_t scores = add_contraction(draft, queries, k, 'F');
  if (dice.percent(30)) {
    scores = add_pointwise(draft, "sub", {scores, add_reduction(draft, scores, 'U', "max")});
  }
  if (dice.percent(80)) scores = add_pointwise(draft, "exp", {scores});
  const std::size_t values = operand("UV", {keys, dice.between(1, 8)});
  const bool normalise = dice.percent(60);
  const bool early = normalise && dice.percent(50);
  const std::size_t sums = normalise ? add_reduction(draft, scores, 'U', "mac") : 0;
  if (early) scores = add_pointwise(draft, "div", {scores, sums});
  std::size_t result = add_contraction(draft, scores, values, 'U');
  if (normalise && !early) result = add_pointwise(draft, "div", {result, sums});
  if (dice.percent(30)) result = add_matmul(draft, result, 'V', dice.between(1, 6));
  return result;
}

}  // namespace

Workload random_workload(Dice& dice) {
  WorkloadHabits habits;
  habits.naming = dice.between(0, 2);
  habits.permute = dice.percent(15);
  habits.pad_percent = dice.pick(std::vector<int>{0, 50, 80, 80, 100});
  habits.stride_percent = dice.pick(std::vector<int>{0, 20, 40, 60, 80});
  habits.dilation_percent = dice.pick(std::vector<int>{0, 0, 15, 50});
  habits.most_channels = dice.pick(std::vector<int>{2, 4, 8, 12});
  habits.most_operations = dice.percent(5) ? 200000 : 30000;
  WorkloadDraft draft{{}, habits, dice};
  const int family = dice.between(0, 99);
  if (family < 72) {
    grow_image(draft);
  } else if (family < 88) {
    grow_matrices(draft);
  } else {
    grow_attention(draft);
  }
  if (draft.workload.einsums.empty()) {
    add_pointwise(draft, "relu", {0});
  }
  Workload& workload = draft.workload;
  workload.names_axes = dice.percent(75);
  // Padding with zeros, as most mean it; else LoopTree's reading, where padding counts as data.
  if (workload.pads && dice.percent(85)) {
    for (std::size_t t = 0; t < workload.tensors.size(); ++t) {
      Tensor& tensor = workload.tensors[t];
      const bool sliding = tensor.axes.find('H') != std::string::npos || tensor.axes.find('W') != std::string::npos;
      tensor.shaped = is_input(workload, t) && (sliding || dice.percent(20)) && !readers_of(workload, t).empty();
    }
  }
  return workload;
}

}  // namespace loopsim::generator
