#pragma once

#include <vector>

#include "sim/glb/TensorLines.hpp"
#include "sim/pe_array/StepSampler.hpp"
#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// Steps of all einsums, sampled, as what they ask of the banks of level 1.
class BankSample {
 public:
  BankSample(const BoundTree& tree, const Schedule& schedule);

  /// Lines at each bank that the accesses to one tensor take: of each access reads by bank, then writes by bank.
  using Lines = std::vector<std::int64_t>;
  Lines lines_of(TensorId tensor, const TensorLines& map) const;
  /// How many lines they take in all.
  double lines_in_all(TensorId tensor, const LineMap& map) const;
  bool uses(TensorId tensor) const { return !accesses_[tensor.value].empty(); }

  /// Cycles that steps wait for banks beyond their pace; `lines` by tensor, nullptr = none.
  double waits(const std::vector<const Lines*>& lines) const;
  /// The same of steps that access `tensor`.
  double waits(const std::vector<const Lines*>& lines, TensorId tensor) const;

  /// The most frequent numbers of words that steps take along a dimension.
  std::vector<std::int64_t> wanted(TensorId tensor, std::size_t dimension) const;

 private:
  struct Access {
    std::vector<MovedBoxes> words;
    double weight = 0;
  };
  struct StepAccess {
    std::size_t tensor = 0;
    std::size_t number = 0;  ///< among the tensor's
  };
  struct Step {
    double weight = 0;
    std::int64_t pace = 0;  ///< cycles without banks
    std::vector<StepAccess> accesses;
  };
  void add(SampledStep sampled, std::int64_t pace);
  double wait_of(const Step& step, const std::vector<const Lines*>& lines) const;

  std::size_t banks_;
  bool dual_;
  std::vector<Step> steps_;
  std::vector<std::vector<std::size_t>> steps_with_;  ///< by tensor
  std::vector<std::vector<Access>> accesses_;         ///< by tensor
};

}  // namespace loopsim
