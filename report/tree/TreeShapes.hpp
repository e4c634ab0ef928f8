#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// A node of a drawn loop tree. Loops are boxes, storage is a cylinder, branches are hexagons, computing is an oval, as
/// LoopTree draws them.
struct TreeShape {
  enum class Kind { loop, storage, branch, compute };

  Kind kind = Kind::loop;
  std::vector<std::string> lines;     ///< of text
  std::optional<std::size_t> parent;  ///< position in the list
};

/// The shapes of a tree, parents before children, siblings in tree order. Storage nodes of one level that follow each
/// other are one shape.
std::vector<TreeShape> tree_shapes(const BoundTree& tree);

}  // namespace loopsim
