#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/Diagnostics.hpp"

namespace loopsim {

/// A loop tree as written: names and numbers, nothing resolved yet. See docs/formats.md.
struct LoopTreeNode;
using LoopTreeBranch = std::vector<LoopTreeNode>;

struct LoopSpec {
  enum class Kind { temporal, spatial };
  Kind kind = Kind::temporal;
  std::string rank;
  SourcePosition rank_where;
  std::optional<std::int64_t> tile_shape;  ///< extent of the rank inside the loop
  std::optional<std::int64_t> factor;      ///< number of tiles; tile shape = ceil(extent / factor)
  SourcePosition shape_where;
  std::optional<int> mesh_axis;  ///< `spatial: 0|1`
};

struct StorageSpec {
  std::string target;  ///< level number or component name, as written
  SourcePosition target_where;
  std::vector<std::string> tensors;
  std::vector<SourcePosition> tensors_where;
  bool exploits_reuse = true;
};

struct BranchSpec {
  enum class Kind { sequential, pipeline };
  Kind kind = Kind::sequential;
  std::vector<LoopTreeBranch> branches;
};

struct ComputeSpec {
  std::string einsum;
  SourcePosition einsum_where;
  std::string target;
  SourcePosition target_where;
  std::optional<double> parallelism;  ///< accepted, compared with the spatial product, never used
};

struct LoopTreeNode {
  SourcePosition where;
  std::variant<LoopSpec, StorageSpec, BranchSpec, ComputeSpec> spec;
};

/// The mapping: nodes from the root down; the last node of every list is a branch or a compute.
struct LoopTree {
  LoopTreeBranch nodes;
  SourcePosition where;
};

}  // namespace loopsim
