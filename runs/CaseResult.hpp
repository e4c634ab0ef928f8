#pragma once

#include <optional>
#include <string>
#include <vector>

#include "arch/Architecture.hpp"
#include "comparison/Comparison.hpp"
#include "comparison/ModelComparison.hpp"
#include "inputs/Inputs.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"
#include "sim/attribution/Measurement.hpp"
#include "sim/checks/LayoutAdvice.hpp"

namespace loopsim {

/// What was found out about one mapping. The estimate alone leaves the rest empty.
struct CaseResult {
  std::optional<Fidelity> fidelity;
  bool only = false;  ///< of the rung's effects just the one that it adds
  LoopTreeEstimate estimate;
  std::vector<ModelResult> models;  ///< those that were asked for; none in a plain run
  std::optional<Measurement> measurement;
  std::optional<Comparison> comparison;
  std::optional<LayoutAdvice> layout_advice;  ///< its warning is the measurement's
};

struct ToolVersion {
  std::string version;
  std::string git;  ///< of the sources; empty if unknown
  std::string systemc;
};

/// What a result came from.
struct Provenance {
  ToolVersion tool;
  std::vector<InputFile> inputs;
  std::vector<std::string> warnings;  ///< of the inputs; those of the models are in the result
};

/// All warnings, each once.
std::vector<std::string> all_warnings(const CaseResult& result, const Provenance& provenance);

/// Functional output is right and no comparison is unexplained.
bool agrees(const CaseResult& result);

}  // namespace loopsim
