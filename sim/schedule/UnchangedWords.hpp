#pragma once

#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Of each of `nodes`, which lie on one path down to the einsum's compute node: tensors stored below it whose words
/// stay the same throughout this temporal loop, on whose rank they depend, as its other iterations reach nothing but
/// padding. Only loops that `iterates` marks are looked at. Loops that change words are found out in their first
/// iterations.
std::vector<std::vector<TensorId>> unchanged_words(const BoundTree& tree, EinsumId einsum,
                                                   const std::vector<NodeId>& nodes, const std::vector<bool>& iterates);

}  // namespace loopsim
