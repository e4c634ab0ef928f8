#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

#include "inputs/Inputs.hpp"
#include "mapping/BoundTree.hpp"
#include "sim/buffers/Holdings.hpp"

namespace loopsim {

/// The bound tree of an input given as text; without a machine in it on the ideal machine with three levels.
inline BoundTree tree_of_text(const std::string& text) {
  const Inputs inputs = load_inputs_from({std::make_shared<SourceText>(SourceText{"test.yaml", text})});
  Diagnostics diagnostics;
  return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
}

/// An item of `problem`: to[RANK] = from[RANK].
inline std::string copy_of(const std::string& einsum, const std::string& rank, const std::string& from,
                           const std::string& to, int extent) {
  return fmt::format(R"(
- shape:
    name: {0}
    dimensions: [{1}]
    data_spaces:
    - {{name: {2}, projection: '[ {1} ]'}}
    - {{name: {3}, projection: '[ {1} ]', read_write: true}}
  instance: {{{1}: {4}}})",
                     einsum, rank, from, to, extent);
}

/// An item of `problem`: to[P] = sum over R of from[P + R] * weight[R], with P and R named after the einsum.
inline std::string window_over(const std::string& einsum, const std::string& from, const std::string& weight,
                               const std::string& to, int extent, int window = 3) {
  return fmt::format(R"(
- shape:
    name: {0}
    dimensions: [P{0}, R{0}]
    data_spaces:
    - {{name: {1}, projection: '[ P{0} + R{0} ]'}}
    - {{name: {2}, projection: '[ R{0} ]'}}
    - {{name: {3}, projection: '[ P{0} ]', read_write: true}}
  instance: {{P{0}: {4}, R{0}: {5}}})",
                     einsum, from, weight, to, extent, window);
}

/// An item of `problem`: to[P] = sum over C of from[P, C], with P and C named after the einsum.
inline std::string sum_over_columns(const std::string& einsum, const std::string& from, const std::string& to,
                                    int extent, int columns) {
  return fmt::format(R"(
- shape:
    name: {0}
    dimensions: [P{0}, C{0}]
    data_spaces:
    - {{name: {1}, projection: '[ P{0}, C{0} ]'}}
    - {{name: {2}, projection: '[ P{0} ]', read_write: true}}
  instance: {{P{0}: {3}, C{0}: {4}}})",
                     einsum, from, to, extent, columns);
}

/// An input of these einsums; the nodes are list items without indentation.
inline std::string input_of(const std::string& einsums, const std::string& nodes) {
  std::string text = "problem:" + einsums + "\nmapping:\n  type: fused\n  nodes:\n  ";
  for (const char c : nodes) text += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return text + "\n";
}

/// A machine of three levels with words of 8 bits whose buffer has so many of them.
inline std::string buffer_of(std::int64_t words) {
  return fmt::format(R"(architecture:
  nodes:
  - !Component {{name: DRAM, class: DRAM, attributes: {{datawidth: 8}}}}
  - !Component {{name: Buffer, class: SRAM, attributes: {{datawidth: 8, entries: {}}}}}
  - !Component {{name: MACs, class: intmac}}
)",
                     words);
}

/// The words of a set, "0-3,6" in one dimension, "0-3 x 0-1" in two; boxes in the order in which they are kept.
inline std::string words_text(const PointSet& set) {
  std::string text;
  for (const Box& box : set.boxes()) {
    if (!text.empty()) text += " + ";
    for (std::size_t d = 0; d < box.dimensions.size(); ++d) {
      if (d > 0) text += " x ";
      const char* separator = "";
      for (const Interval run : box.dimensions[d].runs()) {
        text += separator +
                (run.high - run.low == 1 ? fmt::format("{}", run.low) : fmt::format("{}-{}", run.low, run.high - 1));
        separator = ",";
      }
    }
  }
  return text;
}

/// Words by place: "0-3" where there is one place without indices, else "[0]: 0-3; [1]: 4-7".
inline std::string lanes_text(const std::vector<LaneWords>& lanes) {
  std::string text;
  for (const LaneWords& lane : lanes) {
    if (lane.place.empty()) return words_text(lane.words);
    text += fmt::format("{}[{}]: {}", text.empty() ? "" : "; ", fmt::join(lane.place, ", "), words_text(lane.words));
  }
  return text;
}

inline PointSet interval(Coordinate low, Coordinate high) {
  return PointSet(Box{{IntervalSet(low, high)}});
}

inline TensorId tensor_named(const BoundTree& tree, const std::string& name) {
  for (std::size_t t = 0; t < tree.tensors.size(); ++t) {
    if (tree.graph.tensors[TensorId(t)].name == name) return TensorId(t);
  }
  throw std::logic_error("no tensor " + name);
}

/// The first node of a kind in tree order, or one further on.
inline NodeId node_of_kind(const BoundTree& tree, NodeKind kind, std::size_t skip = 0) {
  for (std::size_t n = 0; n < tree.nodes.size(); ++n) {
    if (tree.nodes[NodeId(n)].kind == kind && skip-- == 0) return NodeId(n);
  }
  throw std::logic_error("no such node");
}

/// The first storage node of a tensor at a level.
inline NodeId storage_of(const BoundTree& tree, const std::string& tensor, std::size_t level) {
  for (std::size_t n = 0; n < tree.nodes.size(); ++n) {
    const BoundNode& node = tree.nodes[NodeId(n)];
    if (node.kind == NodeKind::storage && node.level == LevelId(level) && node.tensor == tensor_named(tree, tensor)) {
      return NodeId(n);
    }
  }
  throw std::logic_error("no such storage node");
}

/// Y[P] = X[P], Z[Q] = Y[Q] under a branch node, in tiles of two words; Y stays in the buffer.
inline std::string two_layers(const std::string& branch, int extent) {
  return input_of(copy_of("F", "P", "X", "Y", extent) + copy_of("G", "Q", "Y", "Z", extent),
                  R"(- {type: storage, target: 0, dspace: [X, Z]}
- {type: temporal, rank: Q, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y, Z]}
- type: )" + branch + R"(
  branches:
  - - {type: compute, einsum: F, target: 2}
  - - {type: compute, einsum: G, target: 2})");
}

}  // namespace loopsim
