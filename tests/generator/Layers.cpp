#include "tests/generator/Layers.hpp"

#include <algorithm>

namespace loopsim::generator {

namespace {

struct NewEinsum {
  WorkloadDraft& draft;
  Einsum einsum;
  std::string axes;  ///< of the result
  std::vector<int> extents;
};

std::string einsum_name(const WorkloadDraft& draft, const std::string& kind) {
  const std::string number = std::to_string(draft.workload.einsums.size() + 1);
  return draft.habits.naming == 0 ? "E" + number : kind + number;
}

NewEinsum begin(WorkloadDraft& draft, const std::string& kind) {
  NewEinsum made{draft, {}, "", {}};
  made.einsum.name = einsum_name(draft, kind);
  return made;
}

std::size_t add_rank(NewEinsum& made, char letter, int extent) {
  std::string name(1, letter);
  const std::string number = std::to_string(made.draft.workload.einsums.size() + 1);
  if (made.draft.habits.naming == 0) name += number;
  if (made.draft.habits.naming == 1) name = std::string(1, static_cast<char>(std::tolower(letter))) + "_" + number;
  if (made.draft.habits.naming == 2) name = made.einsum.name + "_" + name;
  made.einsum.ranks.push_back({name, extent});
  return made.einsum.ranks.size() - 1;
}

Index at(std::size_t rank) {
  return {{{1, rank}}, 0};
}

/// A rank of its own for an axis of the result.
std::size_t add_result_axis(NewEinsum& made, char axis, char letter, int extent) {
  const std::size_t rank = add_rank(made, letter, extent);
  made.einsum.write.indices.push_back(at(rank));
  made.axes += axis;
  made.extents.push_back(extent);
  return rank;
}

void permute_result(NewEinsum& made) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < made.axes.size(); ++i) order.push_back(i);
  made.draft.dice.shuffle(order);
  const NewEinsum before = made;
  for (std::size_t i = 0; i < order.size(); ++i) {
    made.axes[i] = before.axes[order[i]];
    made.extents[i] = before.extents[order[i]];
    made.einsum.write.indices[i] = before.einsum.write.indices[order[i]];
  }
}

std::size_t finish(NewEinsum& made) {
  Workload& workload = made.draft.workload;
  if (made.draft.habits.permute) permute_result(made);
  made.einsum.write.tensor = workload.tensors.size();
  workload.tensors.push_back({"T" + std::to_string(workload.tensors.size()), made.axes, made.extents, false});
  workload.einsums.push_back(made.einsum);
  return made.einsum.write.tensor;
}

char rank_letter(char axis) {
  switch (axis) {
    case 'C':
      return 'M';
    case 'H':
      return 'P';
    case 'W':
      return 'Q';
    case 'T':
      return 'M';
    case 'F':
      return 'N';
    default:
      return axis;
  }
}

/// Kernel, stride, dilation and padding along one axis.
struct Window {
  int kernel = 1;
  int stride = 1;
  int dilation = 1;
  int before = 0;  ///< words of padding
  int outputs = 1;
};

bool every_output_sees_a_word(const Window& window, int extent) {
  for (int output = 0; output < window.outputs; ++output) {
    bool sees = false;
    for (int k = 0; k < window.kernel; ++k) {
      const int at = window.stride * output + window.dilation * k - window.before;
      sees |= at >= 0 && at < extent;
    }
    if (!sees) return false;
  }
  return true;
}

Window pick_window(WorkloadDraft& draft, int extent, bool pointwise) {
  Dice& dice = draft.dice;
  Window window;
  if (!pointwise) window.kernel = dice.pick(std::vector<int>{1, 2, 2, 3, 3, 3, 3, 4, 5});
  if (dice.percent(draft.habits.stride_percent)) window.stride = dice.pick(std::vector<int>{2, 2, 2, 3});
  if (window.kernel > 1 && dice.percent(draft.habits.dilation_percent)) window.dilation = dice.between(2, 3);
  const int reach = window.dilation * (window.kernel - 1);
  int after = 0;
  if (reach > 0 && dice.percent(draft.habits.pad_percent)) {
    window.before = dice.percent(70) ? (reach + 1) / 2 : dice.between(0, reach);
    after = dice.percent(70) ? reach - window.before : dice.between(0, reach);
  }
  const int room = extent + window.before + after - reach - 1;
  if (room < 0) return {1, 1, 1, 0, extent};
  window.outputs = room / window.stride + 1;
  if (!every_output_sees_a_word(window, extent)) return {1, 1, 1, 0, extent};
  draft.workload.pads |= window.before > 0 || after > 0;
  draft.workload.strides |= window.stride > 1 && window.outputs > 1;
  return window;
}

int pick_channels(WorkloadDraft& draft) {
  return draft.dice.between(1, draft.habits.most_channels);
}

}  // namespace

std::size_t add_input(WorkloadDraft& draft, const std::string& axes, const std::vector<int>& extents) {
  auto& tensors = draft.workload.tensors;
  tensors.push_back({"X" + std::to_string(tensors.size()), axes, extents, false});
  return tensors.size() - 1;
}

std::size_t add_window(WorkloadDraft& draft, std::size_t input, Mixing mixing, bool pointwise) {
  const Tensor source = draft.workload.tensors[input];
  const bool weighted = mixing != Mixing::pooling;
  NewEinsum made = begin(draft, weighted ? "Conv" : "Pool");
  Access read{input, {}};
  Access weight;
  std::string weight_axes;
  std::vector<int> weight_extents;
  const auto weigh = [&](char axis, std::size_t rank) {
    weight.indices.push_back(at(rank));
    weight_axes += axis;
    weight_extents.push_back(made.einsum.ranks[rank].extent);
  };
  for (std::size_t i = 0; i < source.axes.size(); ++i) {
    const char axis = source.axes[i];
    const int extent = source.extents[i];
    if (axis == 'H' || axis == 'W') {
      const Window window = pick_window(draft, extent, pointwise);
      Index index{{{window.stride, add_result_axis(made, axis, axis == 'H' ? 'P' : 'Q', window.outputs)}}, 0};
      if (window.kernel > 1) {
        const std::size_t kernel = add_rank(made, axis == 'H' ? 'R' : 'S', window.kernel);
        index.terms.push_back({window.dilation, kernel});
        weigh(axis == 'H' ? 'R' : 'S', kernel);
      }
      index.constant = -window.before;
      read.indices.push_back(index);
    } else if (axis == 'C' && mixing == Mixing::dense) {
      weigh('M', add_result_axis(made, 'C', 'M', pick_channels(draft)));
      const std::size_t reduced = add_rank(made, 'C', extent);
      weigh('C', reduced);
      read.indices.push_back(at(reduced));
    } else if (axis == 'C' && mixing == Mixing::grouped && extent % 2 == 0 &&
               source.axes.find('G') == std::string::npos) {
      const std::size_t group = add_result_axis(made, 'G', 'G', 2);
      weigh('G', group);
      weigh('M', add_result_axis(made, 'C', 'M', std::max(1, pick_channels(draft) / 2)));
      const std::size_t reduced = add_rank(made, 'C', extent / 2);
      weigh('C', reduced);
      read.indices.push_back({{{extent / 2, group}, {1, reduced}}, 0});
    } else if (axis == 'G' && mixing == Mixing::dense) {
      const std::size_t reduced = add_rank(made, 'G', extent);
      weigh('G', reduced);
      read.indices.push_back(at(reduced));
    } else {
      const std::size_t kept = add_result_axis(made, axis, rank_letter(axis), extent);
      if (axis != 'N') weigh(axis == 'C' ? 'M' : axis, kept);
      read.indices.push_back(at(kept));
    }
  }
  made.einsum.reads.push_back(read);
  if (weighted && !weight_axes.empty()) {
    weight.tensor = add_input(draft, weight_axes, weight_extents);
    draft.workload.tensors[weight.tensor].name = "W" + std::to_string(weight.tensor);
    made.einsum.reads.push_back(weight);
    if (draft.dice.percent(30)) std::swap(made.einsum.reads[0], made.einsum.reads[1]);
  } else if (draft.dice.percent(70)) {
    made.einsum.operation = "max";
  }
  return finish(made);
}

std::size_t add_matmul(WorkloadDraft& draft, std::size_t input, char axis, int outputs, std::size_t* weight) {
  const Tensor source = draft.workload.tensors[input];
  NewEinsum made = begin(draft, "Fc");
  Access read{input, {}};
  Access other;
  for (std::size_t i = 0; i < source.axes.size(); ++i) {
    if (source.axes[i] == axis) {
      const std::size_t result = add_result_axis(made, axis, 'O', outputs);
      const std::size_t reduced = add_rank(made, 'K', source.extents[i]);
      read.indices.push_back(at(reduced));
      other.indices = {at(reduced), at(result)};
    } else {
      read.indices.push_back(at(add_result_axis(made, source.axes[i], rank_letter(source.axes[i]), source.extents[i])));
    }
  }
  if (weight != nullptr && *weight < draft.workload.tensors.size()) {
    other.tensor = *weight;
  } else {
    other.tensor = add_input(draft, "KN", {made.einsum.ranks[other.indices[0].terms[0].rank].extent, outputs});
    draft.workload.tensors[other.tensor].name = "W" + std::to_string(other.tensor);
    if (weight != nullptr) *weight = other.tensor;
  }
  made.einsum.reads = {read, other};
  return finish(made);
}

std::size_t add_contraction(WorkloadDraft& draft, std::size_t left, std::size_t right, char axis) {
  NewEinsum made = begin(draft, "Mm");
  std::vector<std::pair<char, std::size_t>> ranks;
  for (const std::size_t operand : {left, right}) {
    const Tensor source = draft.workload.tensors[operand];
    Access read{operand, {}};
    for (std::size_t i = 0; i < source.axes.size(); ++i) {
      const char letter = source.axes[i];
      auto known = std::find_if(ranks.begin(), ranks.end(), [&](const auto& rank) { return rank.first == letter; });
      if (known == ranks.end()) {
        const std::size_t rank = letter == axis ? add_rank(made, 'K', source.extents[i])
                                                : add_result_axis(made, letter, letter, source.extents[i]);
        known = ranks.insert(ranks.end(), {letter, rank});
      }
      read.indices.push_back(at(known->second));
    }
    made.einsum.reads.push_back(read);
  }
  return finish(made);
}

std::size_t add_pointwise(WorkloadDraft& draft, const std::string& operation,
                          const std::vector<std::size_t>& operands) {
  const Tensor first = draft.workload.tensors[operands.front()];
  NewEinsum made = begin(draft, operation == "add" ? "Add" : "Map");
  made.einsum.operation = operation;
  std::vector<std::size_t> ranks;
  for (std::size_t i = 0; i < first.axes.size(); ++i) {
    ranks.push_back(add_result_axis(made, first.axes[i], rank_letter(first.axes[i]), first.extents[i]));
  }
  for (const std::size_t operand : operands) {
    Access read{operand, {}};
    for (const char letter : draft.workload.tensors[operand].axes) {
      read.indices.push_back(at(ranks[first.axes.find(letter)]));
    }
    made.einsum.reads.push_back(read);
  }
  return finish(made);
}

std::size_t add_reduction(WorkloadDraft& draft, std::size_t input, char axis, const std::string& operation) {
  const Tensor source = draft.workload.tensors[input];
  NewEinsum made = begin(draft, "Red");
  made.einsum.operation = operation;
  Access read{input, {}};
  for (std::size_t i = 0; i < source.axes.size(); ++i) {
    read.indices.push_back(
        at(source.axes[i] == axis
               ? add_rank(made, 'K', source.extents[i])
               : add_result_axis(made, source.axes[i], rank_letter(source.axes[i]), source.extents[i])));
  }
  made.einsum.reads = {read};
  return finish(made);
}

std::size_t add_copy(WorkloadDraft& draft, std::size_t input, char from, char to) {
  const std::size_t copy = add_pointwise(draft, "copy", {input});
  std::string& axes = draft.workload.tensors[copy].axes;
  std::replace(axes.begin(), axes.end(), from, to);
  return copy;
}

}  // namespace loopsim::generator
