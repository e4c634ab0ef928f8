#pragma once

#include <string>
#include <vector>

#include "tests/generator/Dice.hpp"
#include "tests/generator/Workload.hpp"

namespace loopsim::generator {

/// How the author of a workload writes.
struct WorkloadHabits {
  int naming = 0;        ///< of ranks: P1, p_conv1, conv1_P
  bool permute = false;  ///< axes of results in any order
  int pad_percent = 0;   ///< of windows
  int stride_percent = 0;
  int dilation_percent = 0;
  int most_operations = 40000;  ///< of an einsum
  int most_channels = 8;
};

struct WorkloadDraft {
  Workload workload;
  WorkloadHabits habits;
  Dice& dice;
};

/// A layer adds an einsum to the draft and returns the tensor that it writes.

/// A tensor that comes from outside.
std::size_t add_input(WorkloadDraft& draft, const std::string& axes, const std::vector<int>& extents);

enum class Mixing { dense, depthwise, pooling, grouped };

/// Convolutions and pooling: windows along H and W, channels mixed or not.
std::size_t add_window(WorkloadDraft& draft, std::size_t input, Mixing mixing, bool pointwise);

/// Output = input x weight along `axis`; `weight` may be one that another layer uses.
std::size_t add_matmul(WorkloadDraft& draft, std::size_t input, char axis, int outputs, std::size_t* weight = nullptr);

/// Sums over `axis` of two tensors; what else they have in common by letter is a batch.
std::size_t add_contraction(WorkloadDraft& draft, std::size_t left, std::size_t right, char axis);

/// Word by word; operands after the first may lack axes of it (broadcast).
std::size_t add_pointwise(WorkloadDraft& draft, const std::string& operation, const std::vector<std::size_t>& operands);

/// Sum or maximum along `axis`.
std::size_t add_reduction(WorkloadDraft& draft, std::size_t input, char axis, const std::string& operation);

/// The same words with axes called otherwise, read by `add_contraction`: a letter `from` becomes `to`.
std::size_t add_copy(WorkloadDraft& draft, std::size_t input, char from, char to);

}  // namespace loopsim::generator
