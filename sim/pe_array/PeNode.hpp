#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "models/tree/BoundTree.hpp"

namespace loopsim {

struct ArrayProgram;

/// A PE by its place in the array of a stage, from the left and from the top.
struct PeNode {
  std::int64_t column = 0;
  std::int64_t row = 0;

  friend bool operator==(PeNode a, PeNode b) { return a.column == b.column && a.row == b.row; }
  friend bool operator<(PeNode a, PeNode b) { return std::tie(a.row, a.column) < std::tie(b.row, b.column); }
  friend PeNode operator+(PeNode a, PeNode b) { return {a.column + b.column, a.row + b.row}; }
  friend PeNode operator*(PeNode a, std::int64_t n) { return {a.column * n, a.row * n}; }
};

/// How far the next index of each spatial loop on the path of the einsum lies in the mesh, by position in the place.
/// Loops over instances of level 1, and over what is inside a PE, do not move. Of two loops along one axis the inner
/// one goes first.
std::vector<PeNode> pe_strides(const BoundTree& tree, const ArrayProgram& program);

/// The most instances in the array whose sums make one.
std::int64_t reduction_fan_in(const BoundTree& tree, const ArrayProgram& program);

/// `place` may be a prefix.
PeNode pe_at(const std::vector<Coordinate>& place, const std::vector<PeNode>& strides);

}  // namespace loopsim
