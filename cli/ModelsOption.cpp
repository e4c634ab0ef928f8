#include "cli/ModelsOption.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/table/AnalyticalModels.hpp"

namespace loopsim {

void add_models_option(CLI::App& command, InputOptions& options) {
  const std::string models =
      fmt::format("Show analytical models beside each other: {}", fmt::join(model_names(), ", "));
  // One value each time, so that files may follow.
  command.add_option("--models", options.models, models)
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(complaint_about_model);
}

}  // namespace loopsim
