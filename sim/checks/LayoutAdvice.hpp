#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// A layout that would be better than the present one.
struct AdvisedLayout {
  TensorId tensor;
  std::string layout;       ///< as simulation.tensors.NAME.layout takes it
  std::int64_t cycles = 0;  ///< that steps wait more without it, the others being followed
};

struct LayoutAdvice {
  std::int64_t saved_cycles = 0;       ///< of bank conflicts, about, with all of them
  std::vector<AdvisedLayout> layouts;  ///< by cycles, most first
};

/// If bank conflicts that other layouts may avoid take more than a twentieth of the cycles: layouts that are better for
/// writer and readers together, if they save as much. What no layout avoids, as the words of a step fill more lines
/// than there are banks, does not count.
std::optional<LayoutAdvice> layout_advice(const BoundTree& tree, const Measurement& measurement);

/// The warning about it.
std::string text_of(const LayoutAdvice& advice, const BoundTree& tree, const Measurement& measurement);

}  // namespace loopsim
