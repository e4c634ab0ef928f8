#pragma once

#include <memory>

#include "sim/Measurement.hpp"
#include "sim/schedule/Holdings.hpp"

namespace loopsim {

/// Carries real 64-bit wrapping integers through the buffers that the simulation moves words between, and in the end
/// compares the outputs with a direct evaluation of the einsums (ReferenceEvaluation), which knows neither tree nor
/// tiles. A read of a word that the buffer does not hold is an error naming tensor, index and time.
class FunctionalModel {
 public:
  FunctionalModel(const BoundTree& tree, const Schedule& schedule, const std::vector<HoldingNode>& nodes);
  ~FunctionalModel();

  /// Words have arrived: copied from the source buffer to the destination.
  void moved(const Move& move, std::int64_t cycle);
  /// A buffer gave words up.
  void released(HoldingIndex node, const Place& place, const PointSet& words);
  /// The array executed a tile operation: operands from the innermost buffers, results into the innermost buffer.
  void executed(const TileOperation& operation, const Plan& plan, std::int64_t cycle);
  FunctionalResult finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace loopsim
