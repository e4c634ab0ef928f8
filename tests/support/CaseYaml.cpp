#include <fmt/format.h>
#include <fmt/ranges.h>

#include "inputs/settings/ApplySettings.hpp"
#include "tests/support/RandomTree.hpp"
#include "workloads/OperationName.hpp"

namespace loopsim {

namespace {

std::string expression_text(const EinsumGraph& graph, const Einsum& einsum, const AffineExpression& expression) {
  std::string text;
  for (const AffineTerm& term : expression.terms) {
    const std::string& rank = graph.ranks[einsum.ranks[term.rank]].name;
    if (!text.empty()) text += " + ";
    text += term.coefficient == 1 ? rank : fmt::format("{}*{}", term.coefficient, rank);
  }
  if (text.empty()) return std::to_string(expression.constant);
  if (expression.constant > 0) text += fmt::format(" + {}", expression.constant);
  if (expression.constant < 0) text += fmt::format(" - {}", -expression.constant);
  return text;
}

std::string data_space(const EinsumGraph& graph, const Einsum& einsum, const TensorAccess& access, bool output) {
  std::vector<std::string> expressions;
  for (const AffineExpression& e : access.projection) expressions.push_back(expression_text(graph, einsum, e));
  const Tensor& tensor = graph.tensors[access.tensor];
  return fmt::format("    - {{name: {}, dimensions: [{}], projection: '[ {} ]'{}}}\n", tensor.name,
                     fmt::join(tensor.dimensions, ", "), fmt::join(expressions, ", "),
                     output ? ", read_write: true" : "");
}

std::string problem(const EinsumGraph& graph) {
  std::string text = "problem:\n";
  for (const Einsum& einsum : graph.einsums) {
    std::vector<std::string> names;
    std::vector<std::string> ranges;
    for (RankId id : einsum.ranks) {
      const Rank& rank = graph.ranks[id];
      names.push_back(rank.name);
      ranges.push_back(fmt::format("{} <= {} < {}", rank.low, rank.name, rank.high));
    }
    text += fmt::format("- shape:\n    name: {}\n    dimensions: [{}]\n    data_spaces:\n", einsum.name,
                        fmt::join(names, ", "));
    for (const TensorAccess& input : einsum.inputs) text += data_space(graph, einsum, input, false);
    text += data_space(graph, einsum, einsum.output, true);
    text += fmt::format("  instance: {}\n", fmt::join(ranges, " and "));
  }
  return text;
}

std::string branch_text(const LoopTreeBranch& nodes, const std::string& indent, const std::string& first) {
  std::string text;
  for (const LoopTreeNode& node : nodes) {
    text += (text.empty() ? first : indent) + "- ";
    if (const auto* loop = std::get_if<LoopSpec>(&node.spec)) {
      text += fmt::format("{{type: {}, rank: {}, ", loop->kind == LoopSpec::Kind::spatial ? "spatial" : "temporal",
                          loop->rank);
      text += loop->tile_shape ? fmt::format("tile_shape: {}", *loop->tile_shape)
                               : fmt::format("factor: {}", *loop->factor);
      if (loop->mesh_axis) text += fmt::format(", spatial: {}", *loop->mesh_axis);
      text += "}\n";
    } else if (const auto* storage = std::get_if<StorageSpec>(&node.spec)) {
      text += fmt::format("{{type: storage, target: {}, dspace: [{}]{}}}\n", storage->target,
                          fmt::join(storage->tensors, ", "), storage->exploits_reuse ? "" : ", exploits_reuse: false");
    } else if (const auto* compute = std::get_if<ComputeSpec>(&node.spec)) {
      text += fmt::format("{{type: compute, einsum: {}, target: {}}}\n", compute->einsum, compute->target);
    } else {
      const auto& branch = std::get<BranchSpec>(node.spec);
      text += branch.kind == BranchSpec::Kind::pipeline ? "type: pipeline\n" : "type: sequential\n";
      text += indent + "  branches:\n";
      for (const LoopTreeBranch& child : branch.branches) text += branch_text(child, indent + "    ", indent + "  - ");
    }
  }
  return text;
}

std::string settings(const EinsumGraph& graph) {
  std::string einsums;
  std::string tensors;
  for (const Einsum& einsum : graph.einsums) {
    std::string entry;
    if (einsum.operation != Operation::mac) entry = fmt::format("operation: {}", operation_name(einsum.operation));
    if (einsum.steps_per_operation != 1) {
      entry += fmt::format("{}steps: {}", entry.empty() ? "" : ", ", einsum.steps_per_operation);
    }
    if (!entry.empty()) einsums += fmt::format("    {}: {{{}}}\n", einsum.name, entry);
  }
  for (const Tensor& tensor : graph.tensors) {
    if (tensor.shape) tensors += fmt::format("    {}: {{shape: [{}]}}\n", tensor.name, fmt::join(*tensor.shape, ", "));
  }
  std::string text;
  if (!einsums.empty()) text += "  einsums:\n" + einsums;
  if (!tensors.empty()) text += "  tensors:\n" + tensors;
  return text.empty() ? "" : "simulation:\n" + text;
}

}  // namespace

std::string to_yaml(const RandomCase& random) {
  return problem(random.graph) + "mapping:\n  type: fused\n  nodes:\n" + branch_text(random.tree.nodes, "  ", "  ") +
         settings(random.graph);
}

}  // namespace loopsim
