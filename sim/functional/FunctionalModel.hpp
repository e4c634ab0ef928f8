#pragma once

#include <memory>
#include <vector>

#include "sim/attribution/Measurement.hpp"
#include "sim/buffers/Holdings.hpp"
#include "sim/functional/Values.hpp"

namespace loopsim {

/// The words of a write-back on their way.
struct WrittenBack {
  struct Word {
    std::size_t index = 0;
    Value value = 0;
    bool running = false;  ///< still being accumulated
  };
  std::vector<std::vector<Word>> lanes;
};

/// Carries real 64-bit wrapping integers through the buffers that the simulation moves words between, and in the end
/// compares the outputs with a direct evaluation of the einsums (ReferenceEvaluation), which knows neither tree nor
/// tiles. A read of a word that the buffer does not hold is an error naming tensor, index and time.
class FunctionalModel {
 public:
  FunctionalModel(const BoundTree& tree, const Schedule& schedule, const std::vector<HoldingNode>& nodes);
  ~FunctionalModel();

  /// A fill has arrived: its words are copied from the parent to the child.
  void filled(const Move& fill, std::int64_t cycle);
  /// A write-back reads its words out of the child when it begins and puts them into the parent when it ends.
  WrittenBack take(const Move& drain, std::int64_t cycle);
  void put(const Move& drain, const WrittenBack& words);
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
