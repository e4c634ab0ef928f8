#include "cli/ExplainCommand.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/Diagnostics.hpp"
#include "inputs/settings/SimulationKeys.hpp"
#include "report/Glossary.hpp"
#include "report/counters/CounterText.hpp"

namespace loopsim {

namespace {

struct ExplainOptions {
  std::string key;
  bool all = false;
  bool counters = false;
  bool markdown = false;
};

std::string plain_text(const SimulationKey& key) {
  std::string text = fmt::format("simulation.{}\n  {}\n  value:   {}", key.path, key.meaning, type_text(key));
  if (!key.unit.empty()) text += fmt::format(", in {}", key.unit);
  return text + fmt::format("\n  default: {}\n", key.default_text);
}

std::string markdown_row(const SimulationKey& key) {
  return fmt::format("| `simulation.{}` | {} | {} | {} | {} |\n", key.path, type_text(key), key.unit, key.default_text,
                     key.meaning);
}

std::vector<const SimulationKey*> keys_asked_for(const ExplainOptions& options) {
  if (!options.key.empty()) return find_simulation_keys(options.key);
  std::vector<const SimulationKey*> keys;
  for (const SimulationKey& key : simulation_keys()) keys.push_back(&key);
  return keys;
}

std::string plain_text(const GlossaryEntry& entry) {
  std::string text = fmt::format("{}\n  {}: {}\n", entry.word, entry.kind, entry.meaning);
  if (!entry.unit.empty()) text += fmt::format("  unit:    {}\n", entry.unit);
  if (!entry.paths.empty()) text += fmt::format("  field:   {}\n", fmt::join(entry.paths, ", "));
  return text + fmt::format("  see:     {}\n", entry.page);
}

std::string markdown_row(const CounterText& counter) {
  std::string csv;
  if (counter.csv.written) csv = fmt::format("`{}`", counter.csv.metric);
  if (!counter.csv.action.empty()) csv += fmt::format(", `{}`", counter.csv.action);
  return fmt::format("| `{}` | {} | {} | {} |\n", fmt::join(counter.paths, "`, `"), counter.unit, counter.meaning, csv);
}

ExitCode explain_counters(const ExplainOptions& options) {
  const std::vector<CounterText> counters = counter_texts(options.key);
  if (counters.empty()) {
    std::cerr << fmt::format("error: no field of stats.json that is counted begins with '{}'\n", options.key);
    return ExitCode::usage;
  }
  if (options.markdown) std::cout << "| field | unit | meaning | in stats.csv |\n|---|---|---|---|\n";
  const char* separator = "";
  for (const CounterText& counter : counters) {
    if (options.markdown) {
      std::cout << markdown_row(counter);
    } else {
      std::cout << std::exchange(separator, "\n") << plain_text(entry_of(counter));
    }
  }
  return ExitCode::good;
}

ExitCode refuse(const std::string& asked) {
  std::vector<std::string> names;
  for (const SimulationKey& key : simulation_keys()) {
    names.emplace_back(key.path);
    names.emplace_back(key.path.substr(key.path.rfind('.') + 1));
  }
  for (const GlossaryEntry& entry : glossary()) names.emplace_back(entry.word);
  const std::string wanted = asked.rfind("simulation.", 0) == 0 ? asked.substr(11) : asked;
  auto near = nearest_spelling(wanted, names);
  // Names of levels and tensors keep a path from being near; its last part may be.
  if (!near) near = nearest_spelling(wanted.substr(wanted.rfind('.') + 1), names);
  std::cerr << fmt::format("error: there is no key or word '{}'; {}'loopsim explain' lists all keys\n", asked,
                           near ? fmt::format("did you mean '{}'? ", *near) : "");
  return ExitCode::usage;
}

ExitCode explain(const ExplainOptions& options) {
  if (options.counters) return explain_counters(options);
  const auto keys = keys_asked_for(options);
  std::vector<GlossaryEntry> words;
  if (!options.key.empty() && !options.markdown) words = explain_word(options.key);
  if (keys.empty() && words.empty()) return refuse(options.key);
  if (options.markdown) {
    std::cout << "| key | value | unit | default | meaning |\n|---|---|---|---|---|\n";
    for (const SimulationKey* key : keys) std::cout << markdown_row(*key);
    return ExitCode::good;
  }
  const char* separator = "";
  for (const GlossaryEntry& word : words) std::cout << std::exchange(separator, "\n") << plain_text(word);
  for (const SimulationKey* key : keys) std::cout << std::exchange(separator, "\n") << plain_text(*key);
  return ExitCode::good;
}

}  // namespace

void add_explain_command(CLI::App& app, CommandResult& result) {
  CLI::App* const command =
      app.add_subcommand("explain", "Say what a key under 'simulation:' means, or a word of the tables");
  auto options = std::make_shared<ExplainOptions>();
  command
      ->add_option("KEY", options->key,
                   "A key such as levels.NAME.size, or the beginning of one; a word that is printed, such as "
                   "stall.glb; without it, all keys")
      ->type_name("");
  command->add_flag("--all", options->all, "All keys");
  command->add_flag("--counters", options->counters,
                    "What stats.json counts, in place of keys: all, or fields that begin with KEY, such as "
                    "simulation.dram");
  command->add_flag("--markdown", options->markdown, "As the table of the documentation");
  command->callback([options, &result] { result.exit_code = explain(*options); });
}

}  // namespace loopsim
