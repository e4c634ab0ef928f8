#include "cli/PresetsCommand.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/Diagnostics.hpp"
#include "workloads/Presets.hpp"

namespace loopsim {

namespace {

void list_presets() {
  std::size_t width = 0;
  for (const Preset& preset : presets()) width = std::max(width, preset.name.size());
  std::string_view kind;
  for (const Preset& preset : presets()) {
    if (preset.kind != kind) std::cout << (kind.empty() ? "" : "\n") << preset.kind << "s:\n";
    kind = preset.kind;
    std::cout << fmt::format("  {:<{}}  {}\n", preset.name, width, preset.summary);
  }
}

/// `written`: the name, or `preset:NAME` as other commands want it.
void show_preset(const std::string& written) {
  constexpr std::string_view prefix = "preset:";
  const std::string name = written.rfind(prefix, 0) == 0 ? written.substr(prefix.size()) : written;
  if (const auto text = preset_text(name)) {
    std::cout << *text;
    return;
  }
  std::vector<std::string> names;
  for (const Preset& preset : presets()) names.emplace_back(preset.name);
  Diagnostics diagnostics;
  diagnostics.error({}, fmt::format("there is no preset '{}'{}", name, did_you_mean(name, names)));
  throw MissingInputError(diagnostics);
}

}  // namespace

void add_presets_command(CLI::App& app, CommandResult&) {
  CLI::App* const command = app.add_subcommand("presets", "List the inputs that ship with the program, or show one");
  auto name = std::make_shared<std::string>();
  command->add_option("NAME", *name, "Show the text of this preset")->type_name("");
  command->callback([name] { name->empty() ? list_presets() : show_preset(*name); });
}

}  // namespace loopsim
