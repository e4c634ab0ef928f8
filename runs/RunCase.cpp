#include "runs/RunCase.hpp"

#include <fmt/format.h>
#include <stdexcept>

#include "arch/FidelityName.hpp"
#include "sim/checks/NetworkAdvice.hpp"

namespace loopsim {

CaseResult run_case(const BoundTree& tree, const SimulationOptions& options) {
  return run_case(tree, estimates_of(tree, {}), options);
}

CaseResult run_case(const BoundTree& tree, const Estimates& estimates, const SimulationOptions& options) {
  CaseResult result;
  result.fidelity = options.fidelity;
  result.only = options.only;
  result.estimate = estimates.looptree;
  result.measurement = simulate(tree, options);
  const auto& errors = result.measurement->conservation_errors;
  if (!errors.empty()) {
    throw std::logic_error(fmt::format("the simulation is inconsistent: {}", fmt::join(errors, "; ")));
  }
  result.comparison = compare(tree, result.estimate, *result.measurement);
  for (const Estimate& one : estimates.chosen) {
    result.models.push_back({one, compare_model(tree, one, *result.measurement)});
  }
  result.layout_advice = layout_advice(tree, *result.measurement);
  if (result.layout_advice) {
    result.measurement->warnings.push_back(text_of(*result.layout_advice, tree, *result.measurement));
  }
  if (const auto& more = result.measurement->noc.more_networks) {
    result.measurement->warnings.push_back(text_of(*more, tree.architecture.noc->networks, *result.measurement));
  }
  return result;
}

CaseResult estimate_case(const BoundTree& tree, const std::vector<AnalyticalModel>& models, Diagnostics& diagnostics,
                         RunObserver* observer) {
  Diagnostics fit;
  check_fit(tree, tree.architecture.default_fidelity, fit, observer);
  for (const Diagnostic& item : fit.all()) {
    if (item.severity == Severity::note) {
      diagnostics.note(item.where, item.message);
    } else {
      diagnostics.warning(item.where, item.message);
    }
  }
  Estimates estimates = estimates_of(tree, models);
  CaseResult result;
  result.estimate = std::move(estimates.looptree);
  for (Estimate& one : estimates.chosen) result.models.push_back({std::move(one), {}});
  return result;
}

}  // namespace loopsim
