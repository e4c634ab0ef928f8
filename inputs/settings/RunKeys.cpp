#include "inputs/settings/KeyRows.hpp"

namespace loopsim {

using namespace key_rows;

namespace {

void apply_models(Target& to, const Setting& value) {
  to.run->models = value.names();
  to.run->models_where = value.where;
}

Written written_models(const Source& from) {
  return from.run->models.empty() ? std::nullopt : Written(from.run->models);
}

}  // namespace

std::vector<SimulationKey> run_keys() {
  // A table reads best as one.
  // clang-format off
  return {
      {"models", Type::text_list, "", "LoopTree's alone, without `estimates`",
       "analytical models to show beside LoopTree's and the simulation", 0, no_limit, {},
       apply_models,
       written_models},
  };
  // clang-format on
}

}  // namespace loopsim
