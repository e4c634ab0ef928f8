#pragma once

#include "base/Diagnostics.hpp"
#include "base/Document.hpp"
#include "mapping/LoopTree.hpp"

namespace loopsim {

/// The loop tree under `mapping:`. Checks the form alone; names are resolved when the tree is bound.
LoopTree load_loop_tree(const DocumentNode& mapping, Diagnostics& diagnostics);

}  // namespace loopsim
