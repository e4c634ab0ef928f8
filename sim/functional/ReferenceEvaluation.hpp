#pragma once

#include <cstdint>
#include <vector>

#include "base/Ids.hpp"
#include "base/LimitError.hpp"
#include "sim/functional/Values.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// All words of a tensor within a box, row by row.
struct DenseTensor {
  std::vector<Coordinate> low;       ///< least coordinate of each dimension
  std::vector<std::int64_t> extent;  ///< of each dimension
  std::vector<Value> values;
};

/// Throws LimitError if an evaluation takes more than 5*10^8 operations or 10^8 words.
void check_functional_limits(const EinsumGraph& graph);

/// Evaluates the einsums one after the other with plain loops over dense arrays: what any mapping must compute. It
/// shares nothing with the simulation but the arithmetic and the input values.
/// A tensor that is written has the words that its writer reaches, an input those of its shape; any other read is 0.
/// An input without a shape has whatever is read.
/// Throws LimitError as check_functional_limits() does.
IdVector<TensorId, DenseTensor> evaluate_reference(const EinsumGraph& graph);

}  // namespace loopsim
