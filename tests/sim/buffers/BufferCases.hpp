#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {

/// The words low, low + 1, … high - 1 of a tensor with one dimension.
inline PointSet words(Coordinate low, Coordinate high) {
  return PointSet(Box{{IntervalSet(low, high)}});
}

/// The tensor's first node at a level.
inline HoldingIndex node_of(const BoundTree& tree, const std::vector<HoldingNode>& nodes, const std::string& tensor,
                            std::size_t level = 1) {
  for (HoldingIndex n = 0; n < nodes.size(); ++n) {
    if (nodes[n].level == LevelId(level) && tree.graph.tensors[nodes[n].tensor].name == tensor) return n;
  }
  throw std::logic_error("no node of " + tensor);
}

/// Y[P] = sum over R < 3 of X[P + R] * W[R] for P < 8, in two tiles of four: the windows of X share two words.
inline std::string windows() {
  return input_of(window_over("F", "X", "W", "Y", 8), R"(- {type: storage, target: 0, dspace: [X, W, Y]}
- {type: storage, target: 1, dspace: [W]}
- {type: temporal, rank: PF, tile_shape: 4}
- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})");
}

/// The same with all of Y in the buffer.
inline std::string windows_of_whole_rows() {
  return input_of(window_over("F", "X", "W", "Y", 8), R"(- {type: storage, target: 0, dspace: [X, W, Y]}
- {type: storage, target: 1, dspace: [W, Y]}
- {type: temporal, rank: PF, tile_shape: 4}
- {type: storage, target: 1, dspace: [X]}
- {type: compute, einsum: F, target: 2})");
}

/// Y[P] = sum over C of X[P, C], P and C < 4 and both in two tiles; each tile of Y leaves between its two visits.
inline std::string spilled_sums() {
  return input_of(sum_over_columns("F", "X", "Y", 4, 4), R"(- {type: storage, target: 0, dspace: [X, Y]}
- {type: temporal, rank: CF, tile_shape: 2}
- {type: temporal, rank: PF, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})");
}

/// Two windows over each other: tile 0 of G reads Y 0-5, tile 1 reads Y 4-9.
inline std::string fused_windows(const std::string& branch, const std::string& storage_of_y = "") {
  return input_of(window_over("F", "X", "U", "Y", 10) + window_over("G", "Y", "V", "Z", 8),
                  R"(- {type: storage, target: 0, dspace: [X, U, V, Z]}
- {type: storage, target: 1, dspace: [U, V]}
- {type: temporal, rank: PG, tile_shape: 4}
- {type: storage, target: 1, dspace: [X, Z]}
- {type: storage, target: 1, dspace: [Y])" +
                      storage_of_y + R"(}
- type: )" + branch + R"(
  branches:
  - - {type: compute, einsum: F, target: 2}
  - - {type: compute, einsum: G, target: 2})");
}

inline std::string with_level(const std::string& setting) {
  return "simulation:\n  levels:\n    GlobalBuffer: {" + setting + "}\n";
}

}  // namespace loopsim
