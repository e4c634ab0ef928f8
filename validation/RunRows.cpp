#include "validation/RunRows.hpp"

#include <fmt/format.h>
#include <memory>
#include <variant>

#include "arch/FidelityName.hpp"
#include "base/Arithmetic.hpp"
#include "validation/RunFigures.hpp"
#include "validation/ValidationData.hpp"
#include "workloads/Presets.hpp"

namespace loopsim {

namespace {

/// A row whose figures are arithmetic over those of runs.
struct Formula {
  ValidationRow row;
  DocumentNodePtr estimate;
  DocumentNodePtr simulation;
};

struct RunStudy {
  std::vector<std::string> names;  ///< of the runs
  std::vector<FigureRun> runs;
  std::vector<Formula> formulas;
};

std::shared_ptr<const SourceText> input_named(const DocumentNode& node, Diagnostics& diagnostics) {
  const std::string name = node.text;
  if (name.rfind("preset:", 0) == 0) {
    if (const auto text = preset_text(name.substr(7))) {
      return std::make_shared<SourceText>(SourceText{name, std::string(*text)});
    }
  } else if (auto source = validation_file(name)) {
    return source;
  }
  diagnostics.error(node.where, fmt::format("there is no input '{}'", name));
  return nullptr;
}

FigureRun read_run(const DocumentNode& node, Diagnostics& diagnostics) {
  FigureRun run;
  MapReader reader(node, "a run", diagnostics);
  if (const auto inputs = reader.required("inputs")) {
    if (const auto* list = read_list(*inputs, "inputs", diagnostics)) {
      for (const DocumentNodePtr& input : *list) {
        if (auto source = input_named(*input, diagnostics)) run.inputs.push_back(std::move(source));
      }
    }
  }
  if (const auto overrides = reader.optional("set")) {
    if (const auto* list = read_list(*overrides, "set", diagnostics)) {
      for (const DocumentNodePtr& item : *list) run.overrides.push_back(item->text);
    }
  }
  if (const auto word = reader.optional("fidelity")) {
    run.fidelity = find_fidelity(word->text);
    if (!run.fidelity) diagnostics.error(word->where, fmt::format("there is no rung '{}'", word->text));
  }
  if (const auto only = reader.optional("estimate_only")) {
    run.simulate = !read_boolean(*only, "estimate_only", diagnostics).value_or(false);
  }
  reader.finish();
  return run;
}

Formula read_row(const ValidationCase& c, const DocumentNode& node, Diagnostics& diagnostics) {
  Formula formula;
  formula.row.case_name = c.name;
  MapReader reader(node, "a row", diagnostics);
  if (const auto text = reader.required("row")) formula.row.row = read_text(*text, "row", diagnostics).value_or("");
  if (const auto text = reader.required("metric"))
    formula.row.metric = read_text(*text, "metric", diagnostics).value_or("");
  if (const auto number = reader.optional("published"))
    formula.row.published = read_number(*number, "published", diagnostics);
  formula.estimate = reader.optional("estimate");
  formula.simulation = reader.optional("simulation");
  formula.row.bar = read_bar(reader.optional("bar"), diagnostics);
  reader.finish();
  return formula;
}

RunStudy read_study(const ValidationCase& c) {
  Diagnostics diagnostics;
  RunStudy study;
  MapReader reader(*c.document, "a case of kind 'runs'", diagnostics);
  accept_common_keys(reader);
  if (const auto runs = reader.required("runs")) {
    for (const DocumentEntry& entry : runs->entries) {
      study.names.push_back(entry.key);
      study.runs.push_back(read_run(*entry.value, diagnostics));
    }
  }
  for_each_item(reader, "rows", diagnostics,
                [&](const DocumentNode& row) { study.formulas.push_back(read_row(c, row, diagnostics)); });
  reader.finish();
  throw_errors(diagnostics);
  return study;
}

[[noreturn]] void fail(const DocumentNode& where, std::string message) {
  Diagnostics diagnostics;
  diagnostics.error(where.where, std::move(message));
  throw InputError(diagnostics);
}

std::optional<double> value_of(const DocumentNodePtr& formula, const std::map<std::string, Figures>& runs) {
  if (!formula) return std::nullopt;
  std::string text;
  const std::string& given = formula->text;
  for (std::size_t at = 0; at < given.size();) {
    if (given[at] != '{') {
      text += given[at++];
      continue;
    }
    const std::size_t dot = given.find('.', at);
    const std::size_t end = given.find('}', at);
    if (dot == std::string::npos || end == std::string::npos || dot > end) fail(*formula, "expected {RUN.FIGURE}");
    const auto run = runs.find(given.substr(at + 1, dot - at - 1));
    if (run == runs.end()) fail(*formula, fmt::format("there is no run '{}'", given.substr(at + 1, dot - at - 1)));
    const std::string figure = given.substr(dot + 1, end - dot - 1);
    const auto value = run->second.find(figure);
    // Causes that a bridge does not have are zero.
    if (value == run->second.end() && figure.rfind("bridge.", 0) != 0) {
      fail(*formula, fmt::format("a run has no figure '{}'", figure));
    }
    text += fmt::format("({:.17g})", value == run->second.end() ? 0.0 : value->second);
    at = end + 1;
  }
  const auto result = evaluate_arithmetic(text);
  if (const auto* error = std::get_if<ArithmeticError>(&result)) fail(*formula, error->message + ": " + text);
  return std::get<Number>(result).real();
}

}  // namespace

ValidationPlan plan_run_rows(const ValidationCase& c) {
  const auto study = std::make_shared<const RunStudy>(read_study(c));
  ValidationPlan plan;
  for (const FigureRun& run : study->runs) plan.tasks.push_back(figures_task(run));
  plan.rows = [study, name = c.name](const std::vector<ForkedOutcome>& outcomes) {
    std::map<std::string, Figures> runs;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      runs[study->names[i]] = figures_from(outcomes[i], fmt::format("case {}, run {}", name, study->names[i]));
    }
    std::vector<ValidationRow> rows;
    for (const Formula& formula : study->formulas) {
      ValidationRow row = formula.row;
      row.estimate = value_of(formula.estimate, runs);
      row.simulation = value_of(formula.simulation, runs);
      judge(row);
      rows.push_back(std::move(row));
    }
    return rows;
  };
  return plan;
}

}  // namespace loopsim
