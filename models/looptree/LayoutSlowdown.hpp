#pragma once

#include <vector>

#include "models/looptree/access/TileLists.hpp"

namespace loopsim {

/// How a tensor's layout slows the steps down that take its words from the banks of level 1, by the closed form of
/// FEATHER's Layoutloop (Tong et al., ISCA 2024): lines touched along each dimension are the words wanted over those in
/// a line, rounded up; the product over the dimensions shares the ports.
struct LayoutSlowdown {
  EinsumId einsum;
  TensorId tensor;
  std::int64_t lines_per_step = 0;
  double slowdown = 1;  ///< min(1, ports / lines): the share of its full pace that a step keeps
};

/// Of every tensor that an einsum takes from a banked level 1; nothing if that has no banks. Wanted is what all
/// instances below the einsum's last branch hold or use at once, in its first tile.
std::vector<LayoutSlowdown> layout_slowdowns(const BoundTree& tree, TileLists& tiles);

}  // namespace loopsim
