#include "cli/UsageMessage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sstream>
#include <vector>

#include "base/Diagnostics.hpp"

namespace loopsim {
namespace {

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

/// "--set", "--json", … of a command.
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// The error lists what was not expected at its end.
std::string likely_option(const CLI::App& app, const std::string& message) {
  std::istringstream words(message);
  for (std::string word; words >> word;) {
    if (word.rfind("--", 0) != 0) continue;
    if (const auto near = nearest_spelling(word, option_names(app))) return fmt::format("; did you mean '{}'?", *near);
  }
  return "";
}

/// A file without the option that it goes with.
std::string option_of_file(const CLI::App& app, const std::string& message) {
  std::string file;
  std::istringstream words(message.substr(message.find(':') + 1));
  while (words >> file && file.rfind('-', 0) == 0) file.clear();
  const auto takes_files = [](const CLI::Option* option) {
    return option->get_type_name() == "FILE" && !option->get_positional() && !option->get_lnames().empty();
  };
  const auto option = app.get_options(takes_files);
  if (file.empty() || option.size() != 1) return "";
  return fmt::format("; did you mean '--{} {}'?", option.front()->get_lnames().front(), file);
}

std::string what_is_wrong(const CLI::App& app, const CLI::Error& error) {
  std::string message = error.what();
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    if (app.get_parent() == nullptr) return fmt::format("expected a command: {}", fmt::join(command_names(app), ", "));
    if (message.rfind("FILES", 0) == 0)
      message += ": YAML files, or presets such as preset:fc_fc/fused and preset:edge";
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::string option = likely_option(app, message);
    return message + (option.empty() ? option_of_file(app, message) : option);
  }
  return message;
}

}  // namespace

std::string usage_message(const CLI::App& app, const CLI::Error& error) {
  const std::string name =
      app.get_parent() == nullptr ? app.get_name() : app.get_parent()->get_name() + " " + app.get_name();
  return fmt::format("{}: {}\n'{} --help' says more.\n", name, what_is_wrong(app, error), name);
}

}  // namespace loopsim
