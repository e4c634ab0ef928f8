#pragma once

#include "mapping/BoundTree.hpp"
#include "report/TableLines.hpp"
#include "runs/CaseResult.hpp"

namespace loopsim {

/// The models that were asked for, one a line, above the simulation where there is one, and what each assumes. "-" is
/// what a model does not know. Nothing in a plain run.
void add_models(TableLines& lines, const BoundTree& tree, const CaseResult& result);

}  // namespace loopsim
