#include "cli/LadderCommand.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "arch/FidelityName.hpp"
#include "cli/BoundInputs.hpp"
#include "cli/Failure.hpp"
#include "cli/InputOptions.hpp"
#include "cli/ModelsOption.hpp"
#include "cli/OutputOptions.hpp"
#include "cli/RungOption.hpp"
#include "cli/Terminal.hpp"
#include "report/JsonText.hpp"
#include "report/LadderTable.hpp"
#include "report/StatsCsv.hpp"
#include "report/StatsDocument.hpp"
#include "runs/ForkedTasks.hpp"
#include "runs/Ladder.hpp"
#include "runs/RunCase.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

struct LadderOptions {
  std::shared_ptr<InputOptions> inputs;
  std::shared_ptr<OutputOptions> output;
  std::string only;
  std::size_t jobs = std::max(1U, std::thread::hardware_concurrency());
  bool functional = false;
};

/// One simulation of the ladder and how it ended.
struct Climb {
  SimulationOptions simulation;
  bool highest = false;    ///< of the ladder's rungs
  bool documents = false;  ///< stats.json and stats.csv are about this one
  RungResult result;
  std::optional<Failure> failure;
};

LadderPlan plan_of(const LadderOptions& options) {
  if (options.only.empty()) return full_ladder(options.functional);
  return ladder_of_one(find_fidelity(options.only).value(), options.functional);
}

/// In the child: simulates and says how it went.
std::string climb_to_text(const BoundTree& tree, const Estimates& estimates, const Provenance& provenance,
                          const Climb& climb) {
  Json answer;
  try {
    // Of the runs side by side the one that takes longest says how far it is.
    const std::unique_ptr<Progress> progress = climb.highest ? progress_on_terminal() : nullptr;
    if (progress) progress->expect_steps(estimates.looptree.sequential_steps);
    SimulationOptions simulation = climb.simulation;
    simulation.observer = progress.get();
    const std::unique_ptr<Phase> phase = climb.highest ? phase_on_terminal("simulating", progress.get()) : nullptr;
    const CaseResult result = run_case(tree, estimates, simulation);
    RungResult kept = rung_result(result);
    if (climb.documents) {
      kept.document = stats_document(tree, result, provenance);
      kept.csv = stats_csv(tree, result);
    }
    answer["result"] = to_json(kept);
  } catch (const std::exception&) {
    const Failure failure = current_failure();
    answer["failure"] = {{"exit_code", static_cast<int>(failure.exit_code)}, {"message", failure.message}};
  }
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// In the parent: what became of a child.
void take_outcome(const ForkedOutcome& outcome, Climb& climb) {
  if (!outcome.finished) {
    climb.failure =
        outcome.limit ? Failure{ExitCode::limit_reached,
                                fmt::format("error: the simulation's process ended with {}\n", outcome.text)}
                      : Failure{ExitCode::our_fault,
                                fmt::format("internal error: the simulation's process ended with {}\n", outcome.text)};
    return;
  }
  const Json answer = Json::parse(outcome.text);
  if (answer.contains("failure")) {
    const Json& failure = answer["failure"];
    climb.failure =
        Failure{static_cast<ExitCode>(failure["exit_code"].get<int>()), failure["message"].get<std::string>()};
  } else {
    climb.result = rung_result_from(answer.at("result"));
  }
}

/// Highest rungs first: they take longest.
void climb_all(const BoundTree& tree, const Estimates& estimates, const Provenance& provenance, std::size_t jobs,
               std::vector<Climb>& climbs) {
  std::vector<ForkedTask> tasks;
  for (auto climb = climbs.rbegin(); climb != climbs.rend(); ++climb) {
    tasks.emplace_back([&, climb] { return climb_to_text(tree, estimates, provenance, *climb); });
  }
  const std::vector<ForkedOutcome> outcomes = run_forked_tasks(tasks, jobs);
  for (std::size_t i = 0; i < climbs.size(); ++i) take_outcome(outcomes[climbs.size() - 1 - i], climbs[i]);
}

/// Prints each failure once, with the rungs that it is on; the exit code is the lowest rung's.
std::optional<ExitCode> report_failures(const std::vector<Climb>& climbs) {
  std::optional<ExitCode> exit_code;
  std::vector<std::pair<std::string, std::string>> messages;  ///< with the rungs
  for (const Climb& climb : climbs) {
    if (!climb.failure) continue;
    if (!exit_code) exit_code = climb.failure->exit_code;
    const std::string rung = rung_name(climb.simulation.fidelity, climb.simulation.only);
    const auto known = std::find_if(messages.begin(), messages.end(),
                                    [&climb](const auto& entry) { return entry.first == climb.failure->message; });
    if (known == messages.end()) {
      messages.emplace_back(climb.failure->message, rung);
    } else {
      known->second += ", " + rung;
    }
  }
  for (const auto& [message, rungs] : messages)
    std::cerr << message << "note: on the ladder's rungs: " << rungs << '\n';
  return exit_code;
}

std::vector<std::string> warnings_of(const std::vector<RungResult>& results) {
  std::vector<std::string> all;
  for (const RungResult& result : results) {
    for (const std::string& warning : result.warnings) {
      if (std::find(all.begin(), all.end(), warning) == all.end()) all.push_back(warning);
    }
  }
  return all;
}

/// `results`: the `rungs` of the ladder, then single effects.
void deliver_ladder(OutputOptions& output, const BoundInputs& bound, const Provenance& provenance,
                    const Estimates& estimates, const Ladder& ladder, const std::vector<RungResult>& results) {
  const RungResult& top = results[ladder.rungs.size() - 1];
  Outputs delivery;
  delivery.warnings = warnings_of(results);
  if (wants_documents(output)) {
    Json document = top.document;
    add_ladder(document, ladder);
    delivery.stats_json = json_text(document);
    delivery.stats_csv = top.csv + ladder_rows(ladder);
  }
  SimulatedWork work;
  for (const RungResult& result : results) {
    work.cycles += result.cycles;
    work.macs += result.macs;
  }
  delivery.work = work;
  const std::size_t warnings = provenance.warnings.size() + delivery.warnings.size();
  delivery.table = ladder_table(bound.tree, ladder, results, estimates.chosen, provenance, warnings);
  deliver(output, bound.inputs, delivery);
}

ExitCode climb_ladder(const LadderOptions& options) {
  const LadderPlan plan = plan_of(options);
  BoundInputs bound = bind_inputs(*options.inputs);
  check_output(*options.output, bound.inputs);
  const Provenance provenance = provenance_of(bound.inputs);
  const Estimates estimates = during("estimating", [&] { return estimates_of(bound.tree, bound.models); });

  std::vector<Climb> climbs;
  for (const auto* part : {&plan.rungs, &plan.alone}) {
    for (const SimulationOptions& simulation : *part) climbs.push_back({simulation, false, false, {}, {}});
  }
  climbs[plan.rungs.size() - 1].highest = true;
  climbs[plan.rungs.size() - 1].documents = wants_documents(*options.output);
  climb_all(bound.tree, estimates, provenance, options.jobs, climbs);
  if (const auto exit_code = report_failures(climbs)) return *exit_code;

  std::vector<RungResult> results;
  results.reserve(climbs.size());
  for (Climb& climb : climbs) results.push_back(std::move(climb.result));
  const auto first_alone = results.begin() + static_cast<std::ptrdiff_t>(plan.rungs.size());
  const Ladder ladder =
      build_ladder(estimates.looptree.cycles, {results.begin(), first_alone}, {first_alone, results.end()});
  // As of a run on the highest rung. There is no word for a single effect, which keeps the inputs' own rung.
  if (options.only.empty()) bound.inputs.architecture.default_fidelity = plan.rungs.back().fidelity;
  deliver_ladder(*options.output, bound, provenance, estimates, ladder, results);
  const bool good = std::all_of(results.begin(), results.end(), [](const RungResult& r) { return r.agrees(); });
  return good ? ExitCode::good : ExitCode::disagreement;
}

}  // namespace

void add_ladder_command(CLI::App& app, CommandResult& result, const std::vector<std::string>& command_line) {
  CLI::App* const command = app.add_subcommand("ladder", "Simulate a mapping on every rung and show what each adds");
  auto options = std::make_shared<LadderOptions>();
  options->inputs = add_input_options(*command);
  add_models_option(*command, *options->inputs);
  options->output = add_output_options(*command, command_line);
  add_only_option(*command, options->only, "Instead of every rung, ideal and on it one effect");
  command->add_option("-j,--jobs", options->jobs, "Simulations at a time; default: one for each processor")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000}));
  command->add_flag("--functional", options->functional, "Carry values through the buffers and check the outputs");
  command->callback([options, &result] { result.exit_code = climb_ladder(*options); });
}

}  // namespace loopsim
