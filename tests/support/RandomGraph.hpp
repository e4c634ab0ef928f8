#pragma once

#include "tests/support/Choices.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

struct RandomGraphLimits {
  std::size_t einsums = 5;
  Coordinate extent = 9;  ///< of rows and columns
  Coordinate channels = 4;
  bool side_outputs = true;  ///< some outputs besides the last may be read by no einsum
};

/// Chains and directed acyclic graphs of what networks are made of: convolutions in one or two dimensions (stride,
/// dilation, padding), depthwise and pooling layers, matrix products, products of two intermediates, sums over a
/// dimension, functions of one word, residual and broadcast operations. Operations are small in number.
EinsumGraph random_graph(Choices& choices, const RandomGraphLimits& limits = {});

}  // namespace loopsim
