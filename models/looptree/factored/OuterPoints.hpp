#pragma once

#include <optional>
#include <vector>

#include "models/looptree/access/TileLists.hpp"
#include "models/looptree/factored/FactorTable.hpp"

namespace loopsim {

/// One iteration of the loops above the leaf, all lanes together, split into the factors of a tensor.
struct OuterPoint {
  std::vector<Coordinate> at;       ///< indices that are still counted
  std::vector<std::size_t> shapes;  ///< of each factor, into FactorShapes::shapes
  std::vector<Coordinate> offsets;  ///< coordinate of each factor's first word
};

/// The different shapes of one factor.
struct FactorShapes {
  std::vector<FactorShape> shapes;
  std::vector<FactorTable> tables;  ///< one a shape
};

struct OuterPoints {
  std::vector<IndexRole> roles;        ///< of `at`
  std::vector<std::size_t> positions;  ///< of `at` among all indices above the leaf
  std::vector<OuterPoint> points;      ///< row-major
  std::vector<FactorShapes> factors;
};

/// Splits the tiles. Lane loops above the leaf go to the factor whose tiles they tell apart, or to a new one that is
/// added to `factors`; loops below the tensor's own node merge. Nothing where a tile is no single box, where several
/// factors differ along one lane loop, or where no instance has all moments of those beside it.
std::optional<OuterPoints> outer_points(const BoundTree& tree, const AccessPath& path, std::vector<Factor>& factors,
                                        const LeafLoops& leaf, const TileList& list);

/// Fills in the tables of one factor.
void tabulate(const BoundTree& tree, const Factor& factor, FactorShapes& shapes);

}  // namespace loopsim
