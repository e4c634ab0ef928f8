#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "sim/pe_array/ArrayOutcome.hpp"

namespace loopsim {

/// Lists which words each step of an einsum's tile operations takes from level 1 and puts there. The execution
/// (ArrayExecutor) only counts them, once for all steps that are alike; this visits every step, so it is for traces.
/// Words have the numbers of TensorLayout.
class StepWords {
 public:
  StepWords(const BoundTree& tree, const ArrayProgram& program);
  ~StepWords();

  /// Of one tensor in one step: numbers in ascending order, relative to `first`.
  struct Access {
    TensorId tensor;
    const std::vector<std::int64_t>* read = nullptr;
    const std::vector<std::int64_t>* written = nullptr;
    std::int64_t first = 0;
  };
  /// Called for each step in order, whether it accesses anything or not; false = no more.
  using Visitor = std::function<bool(const std::vector<Access>&)>;
  /// The next tile operation; see ArrayExecutor::execute.
  void list(const std::vector<ArrayLane>& lanes, std::optional<NodeId> advanced, const Visitor& visitor);
  /// The next tile operation, which nobody wants to know.
  void skip(const std::vector<ArrayLane>& lanes, std::optional<NodeId> advanced);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace loopsim
