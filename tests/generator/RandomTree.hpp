#pragma once

#include "tests/generator/Dice.hpp"
#include "tests/generator/Tree.hpp"
#include "tests/generator/Workload.hpp"

namespace loopsim::generator {

/// What a tree needs to know of its machine.
struct TreeRoom {
  int memories = 2;  ///< levels that store; the compute level has this number
  int columns = 16;  ///< extents that spatial loops may have together, along each axis
  int rows = 16;
};

/// What the author of a mapping tends to do; shares in percent.
struct TreeHabits {
  int pipeline = 0;
  int nesting = 0;           ///< branches below branches
  int loops_above = 0;       ///< of a branch
  int spatial_above = 0;     ///< of those loops
  int early_storage = 0;     ///< above a branch where it need not be
  int restore = 0;           ///< a second node of a tensor at its level
  int off_chip = 0;          ///< intermediates that are stored in main memory too
  int late_main_memory = 0;  ///< inputs whose node of level 0 is further down
  int skip_buffer = 0;       ///< tensors of an einsum without a node at level 1
  int no_reuse = 0;          ///< exploits_reuse: false
  int spatial_loops = 0;     ///< an einsum that is unrolled
  int spatial_outside = 0;   ///< spatial loops above nodes of level 1
  int keep_private = 0;      ///< a tensor in a private level
  int factors = 0;           ///< `factor` instead of `tile_shape`
  int one_each = 0;          ///< a storage node for each tensor
  int written_axis = 0;      ///< `spatial:` given
  int whole_ranks = 0;       ///< a rank without a loop of its own, a step taking all of it
};

TreeHabits random_tree_habits(Dice& dice);

struct RandomTree {
  NodeList nodes;
  TreeFeatures features;
};

RandomTree random_tree(const Workload& workload, const TreeRoom& room, const TreeHabits& habits, Dice& dice);

}  // namespace loopsim::generator
