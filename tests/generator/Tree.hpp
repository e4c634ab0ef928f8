#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace loopsim::generator {

enum class NodeKind { temporal, spatial, storage, sequential, pipeline, compute };

/// A node of a mapping; which fields count depends on the kind.
struct Node {
  NodeKind kind = NodeKind::compute;
  std::size_t einsum = 0;  ///< of a loop: whose rank; of a compute node
  std::size_t rank = 0;
  int tile = 1;
  int factor = 0;  ///< written in place of `tile` if not 0
  int axis = -1;   ///< -1: not written
  std::vector<std::size_t> tensors;
  int level = 0;
  bool exploits_reuse = true;
  std::vector<std::vector<Node>> branches;
};

using NodeList = std::vector<Node>;

/// What occurs in a tree, for the account of what was tried.
struct TreeFeatures {
  bool pipeline = false;
  bool spatial = false;
  bool private_level = false;
  bool loops_above_branch = false;
  bool spatial_above_branch = false;
  bool nested_branches = false;
  bool several_nodes = false;  ///< of one tensor at one level on one path
  bool ragged = false;
};

}  // namespace loopsim::generator
