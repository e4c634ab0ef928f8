#pragma once

#include "base/Diagnostics.hpp"
#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Whether readers reach what there is of a tensor: what its writer makes, or its `shape`. A window may hang over an
/// edge, that is padding. Coordinates of a rank that reach nothing at all are a wrong bound: an error, or a warning
/// where windows overlap or are shifted, or where padding counts as data as in LoopTree, so that it can be meant. What
/// no reader reaches is a warning.
///
/// Of all tensors that are written; also warns of padding that counts as data.
void check_reach(const BoundTree& tree, Diagnostics& diagnostics);
/// Of a tensor whose shape is given, at `where`.
void check_shape(const EinsumGraph& graph, TensorId tensor, const SourcePosition& where, Diagnostics& diagnostics);

}  // namespace loopsim
