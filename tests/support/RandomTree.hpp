#pragma once

#include <string>

#include "arch/Architecture.hpp"
#include "mapping/LoopTree.hpp"
#include "tests/support/Choices.hpp"
#include "tests/support/RandomGraph.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// A workload with a mapping and the machine it is for: what `bind` takes.
struct RandomCase {
  EinsumGraph graph;
  Architecture architecture;
  LoopTree tree;
};

struct RandomTreeLimits {
  RandomGraphLimits graph;
  bool pipelines = true;
  bool nested_branches = true;
  bool several_buffers = true;              ///< spatial loops over instances of the global buffer
  bool array_storage_above_buffers = true;  ///< a PE's buffer above storage nodes of the global buffer
  bool inner_storage = true;                ///< more storage nodes than needed, and nodes without reuse
};

/// A random graph with a random mapping of it onto the ideal machine with two or three memories: loops above the
/// branches on ranks of the head, storage nodes anywhere, sequential and pipelined branches, also nested, and loops
/// below them; tiles are ragged. Most cases bind.
RandomCase random_case(Choices& choices, const RandomTreeLimits& limits = {});

/// The case as an input of the program.
std::string to_yaml(const RandomCase& random);

}  // namespace loopsim
