#pragma once

#include <optional>

#include "mapping/BoundTree.hpp"
#include "tests/support/Choices.hpp"

namespace loopsim {

/// A mapping of a graph that is dense in what the counting rules tell apart: spatial loops at every level and place,
/// several loops of a rank, several storage nodes of a tensor, also at one level, nested branches. Few such mappings
/// make sense on a machine. Nothing where it does not bind.
std::optional<BoundTree> dense_tree(Choices& choices, const EinsumGraph& graph, std::size_t spatial_percent);

}  // namespace loopsim
