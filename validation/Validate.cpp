#include "validation/Validate.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/TextFile.hpp"
#include "validation/ContentionRows.hpp"
#include "validation/DramTraces.hpp"
#include "validation/GemmRows.hpp"
#include "validation/LoopTreeFolder.hpp"
#include "validation/NocPoints.hpp"
#include "validation/RunRows.hpp"
#include "validation/SystolicLaws.hpp"

namespace loopsim {

namespace {

bool takes_data(const ValidationCase& c) {
  return c.kind == "looptree" || c.kind == "gemm_rows";
}

ValidationPlan plan_of(const ValidationCase& c, const std::optional<std::string>& data) {
  if (c.kind == "looptree") return plan_looptree_folder(c, data);
  if (c.kind == "gemm_rows") return plan_gemm_rows(c, data);
  if (c.kind == "runs") return plan_run_rows(c);
  if (c.kind == "contention") return plan_contention_rows(c);
  if (c.kind == "systolic") return plan_systolic_laws(c);
  if (c.kind == "dram_traces") return plan_dram_traces(c);
  if (c.kind == "noc_points") return plan_noc_points(c);
  Diagnostics diagnostics;
  diagnostics.error(c.document->where, fmt::format("there is no kind of case '{}'", c.kind));
  throw InputError(diagnostics);
}

std::string case_for(const std::string& data) {
  if (std::filesystem::is_directory(data)) return "looptree";
  const auto source = read_required_file(data, {true});
  return source_line(*source, 1).find("M2") != std::string::npos ? "tileflow_fused" : "tileflow_gemm";
}

std::vector<ValidationCase> chosen_cases(const ValidateOptions& options) {
  const std::vector<ValidationCase> all = validation_cases();
  std::vector<std::string> wanted = options.cases;
  if (wanted.empty() && options.data) wanted = {case_for(*options.data)};
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const ValidationCase& c : all) names.push_back(c.name);
  for (const std::string& name : wanted) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw ValidationUsageError(
        fmt::format("there is no case '{}'{}; one of {}", name, did_you_mean(name, names), fmt::join(names, ", ")));
  }
  std::vector<ValidationCase> chosen;
  for (const ValidationCase& c : all) {
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), c.name) != wanted.end()) chosen.push_back(c);
  }
  if (options.data && (chosen.size() != 1 || !takes_data(chosen.front()))) {
    throw ValidationUsageError("--data: goes with one case: looptree, tileflow_gemm or tileflow_fused");
  }
  return chosen;
}

}  // namespace

std::vector<ValidatedCase> validate(const ValidateOptions& options) {
  std::vector<ValidatedCase> result;
  std::vector<ValidationPlan> plans;
  for (ValidationCase& c : chosen_cases(options)) {
    plans.push_back(plan_of(c, options.data));
    result.push_back({std::move(c), {}});
  }
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (options.progress) options.progress(result[i].described, i + 1, result.size());
    result[i].rows = plans[i].rows(run_forked_tasks(plans[i].tasks, options.jobs));
  }
  return result;
}

bool all_bars_met(const std::vector<ValidatedCase>& cases) {
  return std::all_of(cases.begin(), cases.end(), [](const ValidatedCase& c) {
    return std::none_of(c.rows.begin(), c.rows.end(),
                        [](const ValidationRow& row) { return row.verdict == RowVerdict::missed; });
  });
}

}  // namespace loopsim
