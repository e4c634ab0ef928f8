#include "cli/InputOptions.hpp"

#include <fmt/format.h>

#include "cli/Version.hpp"

namespace loopsim {

std::shared_ptr<InputOptions> add_input_options(CLI::App& command) {
  auto options = std::make_shared<InputOptions>();
  command.add_option("FILES", options->files, "YAML files in any order, or preset:NAME")->required()->type_name("");
  // One value each time, so that files may follow.
  command.add_option("--set", options->overrides, "Set a value of the inputs, such as simulation.prefetch=2")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  return options;
}

Inputs load_inputs(const InputOptions& options) {
  return load_inputs(options.files, options.overrides);
}

std::vector<std::filesystem::path> paths_of(const Inputs& inputs) {
  std::vector<std::filesystem::path> paths = {inputs.architecture.dram.part};
  for (const InputFile& file : inputs.files) paths.emplace_back(file.path);
  return paths;
}

Provenance provenance_of(const Inputs& inputs) {
  Provenance provenance;
  provenance.tool = tool_version();
  provenance.inputs = inputs.files;
  for (const Diagnostic& item : inputs.warnings) {
    const std::string place = describe(item.where);
    const std::string text = place.empty() ? item.message : fmt::format("{}: {}", place, item.message);
    // A note belongs to what comes before it.
    if (item.severity == Severity::note && !provenance.warnings.empty()) {
      provenance.warnings.back() += "; " + text;
    } else {
      provenance.warnings.push_back(text);
    }
  }
  return provenance;
}

}  // namespace loopsim
