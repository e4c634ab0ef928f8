#pragma once

#include <vector>

#include "tests/generator/RandomTree.hpp"

namespace loopsim::generator {

/// A tree on its way: shared by the two files that grow it.
struct TreeDraft {
  const Workload& workload;
  TreeRoom room;
  TreeHabits habits;
  Dice& dice;
  TreeFeatures features;
};

/// What holds at a place of the tree.
struct TreePlace {
  std::vector<int> stored;   ///< innermost level that has each tensor above here; -1: none
  std::vector<int> extents;  ///< of the ranks of the einsum whose loops stand above; empty: nothing tiled yet
  int columns = 1;           ///< mesh that is left to spatial loops from here
  int rows = 1;
  bool in_instances = false;  ///< below a spatial loop above a branch
};

int ceil_divide(int extent, int tile);

Node storage_node(TreeDraft& draft, int level, std::size_t tensor);

/// Appends nodes that store `tensors` at `level`, together or one by one.
void append_storage(TreeDraft& draft, NodeList& list, int level, std::vector<std::size_t> tensors);

Node loop_node(TreeDraft& draft, NodeKind kind, std::size_t einsum, std::size_t rank, int extent, int tile);

/// Loops, buffers and the compute node of one einsum.
void append_leaf(TreeDraft& draft, NodeList& list, std::size_t einsum, TreePlace place);

/// Whether a rank of an einsum is one of its output, not one that it sums over.
bool is_output_rank(const Einsum& einsum, std::size_t rank);

std::vector<std::size_t> tensors_of(const Einsum& einsum);

}  // namespace loopsim::generator
