#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/pe_array/TileGeometry.hpp"

namespace loopsim {

/// A tile operation to take steps of.
struct TileSample {
  std::vector<ArrayLane> lanes;
  std::vector<ArrayLane> previous;  ///< of the operation before; none = it is the first
  std::optional<NodeId> advanced;   ///< see ArrayExecutor::execute
  double weight = 1;                ///< how many operations it stands for
};

/// One step, and how many it stands for.
struct SampledStep {
  struct Access {
    TensorId tensor;
    std::vector<MovedBoxes> words;
  };
  double weight = 0;
  std::vector<Access> accesses;
};

/// Picks steps of an einsum's tile operations that stand for all of them: of those that begin with the next iteration
/// of one loop, the loops in it at their beginning, some for each loop, where there are few all. Which words such a
/// step moves is exact; which ones are looked at is spread evenly over the iterations of all loops. For advice; the
/// execution (ArrayExecutor) knows every step.
class StepSampler {
 public:
  StepSampler(const BoundTree& tree, const ArrayProgram& program);
  ~StepSampler();

  /// Appends steps of a tile operation that move words, about `most`.
  void sample(const TileSample& tile, std::int64_t most, std::vector<SampledStep>& steps);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace loopsim
