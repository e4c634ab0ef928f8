#pragma once

#include <cstdint>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "sim/noc/PeNode.hpp"
#include "sim/schedule/ArrayCut.hpp"

namespace loopsim {

/// How far the next index of each spatial loop on the path of the einsum lies in the mesh, by position in the place.
/// Loops over instances of level 1, and over what is inside a PE, do not move. Of two loops along one axis the inner
/// one goes first.
std::vector<PeNode> pe_strides(const BoundTree& tree, const ArrayProgram& program);

/// The most instances in the array whose sums make one.
std::int64_t reduction_fan_in(const BoundTree& tree, const ArrayProgram& program);

/// `place` may be a prefix.
PeNode pe_at(const std::vector<Coordinate>& place, const std::vector<PeNode>& strides);

}  // namespace loopsim
