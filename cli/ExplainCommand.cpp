#include "cli/ExplainCommand.hpp"

#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "arch/SimulationKeys.hpp"
#include "base/Diagnostics.hpp"

namespace loopsim {

namespace {

struct ExplainOptions {
  std::string key;
  bool all = false;
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

ExitCode explain(const ExplainOptions& options) {
  const auto keys = keys_asked_for(options);
  if (keys.empty()) {
    std::vector<std::string> paths;
    for (const SimulationKey& key : simulation_keys()) {
      paths.emplace_back(key.path);
      paths.emplace_back(key.path.substr(key.path.rfind('.') + 1));
    }
    const std::string wanted = options.key.rfind("simulation.", 0) == 0 ? options.key.substr(11) : options.key;
    auto near = nearest_spelling(wanted, paths);
    // Names of levels and tensors keep a path from being near; its last part may be.
    if (!near) near = nearest_spelling(wanted.substr(wanted.rfind('.') + 1), paths);
    std::cerr << fmt::format("error: there is no key '{}'; {}'loopsim explain' lists all\n", options.key,
                             near ? fmt::format("did you mean '{}'? ", *near) : "");
    return ExitCode::usage;
  }
  if (options.markdown) {
    std::cout << "| key | value | unit | default | meaning |\n|---|---|---|---|---|\n";
    for (const SimulationKey* key : keys) std::cout << markdown_row(*key);
    return ExitCode::good;
  }
  for (const SimulationKey* key : keys) std::cout << (key == keys.front() ? "" : "\n") << plain_text(*key);
  return ExitCode::good;
}

}  // namespace

void add_explain_command(CLI::App& app, CommandResult& result) {
  CLI::App* const command = app.add_subcommand("explain", "Say what a key under 'simulation:' means");
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("KEY", options->key, "A key such as levels.NAME.size, or the beginning of one; without it, all")
      ->type_name("");
  command->add_flag("--all", options->all, "All keys");
  command->add_flag("--markdown", options->markdown, "As the table of the documentation");
  command->callback([options, &result] { result.exit_code = explain(*options); });
}

}  // namespace loopsim
