#pragma once

#include <optional>
#include <vector>

#include "models/looptree/access/AccessPath.hpp"
#include "models/looptree/access/LeafLoops.hpp"

namespace loopsim {

/// A leaf loop above a buffer, as one digit of an index.
struct FactorLoop {
  NodeId node;
  std::size_t rank = 0;   ///< position in Factor::ranks
  std::size_t depth = 0;  ///< position among all leaf loops of the einsum
  IndexRole role = IndexRole::time;
  std::uint64_t radix = 1;  ///< more than any index of the loop
};

/// A lane loop above the leaf: its index picks one of several tiles.
struct OuterLane {
  std::size_t index = 0;  ///< position among the indices above the leaf
  std::uint64_t radix = 1;
};

/// Leaf loops cut each rank of a box independently, and a tensor dimension depends on ranks of its own. So the words of
/// a tensor in one iteration and instance are a product with one factor for each dimension, which depends on the
/// indices of the loops of its ranks alone. A rank that the tensor does not use is a factor of one word: there is work
/// or there is none.
struct Factor {
  std::vector<std::size_t> ranks;                ///< positions in Einsum::ranks
  const AffineExpression* expression = nullptr;  ///< nothing: a rank that the tensor does not use
  std::optional<IntervalSet> extent;             ///< what lies outside is zero padding and does not count
  std::vector<FactorLoop> loops;                 ///< from the outside in
  std::vector<OuterLane> outer_lanes;            ///< that this factor's tiles differ along; before the loops' digits
};

/// One digit of a packed index.
struct Digit {
  std::uint64_t weight = 1;
  std::uint64_t radix = 1;

  std::uint64_t of(std::uint64_t index) const { return index / weight % radix; }
};

/// The factors of a path, or nothing where its words are no such product (a rank in two dimensions of the tensor, an
/// extent that is no box, a tensor read twice).
std::optional<std::vector<Factor>> factors_of(const BoundTree& tree, const AccessPath& path, const LeafLoops& leaf);

/// More than any index of a loop.
std::uint64_t most_iterations(const BoundTree& tree, const BoundNode& loop);

/// Do the factor's packed indices fit in 64 bits?
bool indices_fit(const Factor& factor);

/// The digits of the factor's lane index, those of outer lanes first.
std::vector<Digit> lane_digits(const Factor& factor);

/// Weight of each digit of role `role` in the factor's packed index of that role; 0 for other loops.
std::vector<std::uint64_t> digit_weights(const Factor& factor, IndexRole role);

}  // namespace loopsim
