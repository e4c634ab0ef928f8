#include "tests/generator/WriteYaml.hpp"

#include <map>

namespace loopsim::generator {

namespace {

std::string joined(const std::vector<std::string>& items, const std::string& between) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) text += (i == 0 ? "" : between) + items[i];
  return text;
}

std::string index_text(const Einsum& einsum, const Index& index) {
  std::string text;
  for (const Term& term : index.terms) {
    if (!text.empty()) text += " + ";
    if (term.coefficient != 1) text += std::to_string(term.coefficient) + "*";
    text += einsum.ranks[term.rank].name;
  }
  if (index.constant > 0) text += " + " + std::to_string(index.constant);
  if (index.constant < 0) text += " - " + std::to_string(-index.constant);
  return text;
}

std::string access_text(const Workload& workload, const Einsum& einsum, const Access& access, bool dimensions,
                        bool written) {
  const Tensor& tensor = workload.tensors[access.tensor];
  std::vector<std::string> indices, names;
  for (const Index& index : access.indices) indices.push_back(index_text(einsum, index));
  for (const char axis : tensor.axes) names.push_back(tensor.name + "_" + axis);
  std::string text = "    - {name: " + tensor.name;
  if (dimensions) text += ", dimensions: [" + joined(names, ", ") + "]";
  text += ", projection: '[ " + joined(indices, ", ") + " ]'";
  return text + (written ? ", read_write: True}\n" : "}\n");
}

std::string bounds_text(const Einsum& einsum, int style) {
  std::vector<std::string> bounds;
  for (const Rank& rank : einsum.ranks) {
    const std::string extent = std::to_string(rank.extent);
    bounds.push_back(style == 0 ? rank.name + ": " + extent : "0 <= " + rank.name + " < " + extent);
  }
  return style == 0 ? "{" + joined(bounds, ", ") + "}" : joined(bounds, " and ");
}

void write_list(std::string& text, const Workload& workload, const NodeList& nodes, const Machine& machine, bool names,
                const std::string& indent);

std::string level_text(const Machine& machine, int level, bool names) {
  return names ? machine.levels[static_cast<std::size_t>(level)] : std::to_string(level);
}

void write_node(std::string& text, const Workload& workload, const Node& node, const Machine& machine, bool names,
                const std::string& indent) {
  switch (node.kind) {
    case NodeKind::temporal:
    case NodeKind::spatial:
      text += node.kind == NodeKind::temporal ? "{type: temporal, rank: " : "{type: spatial, rank: ";
      text += workload.einsums[node.einsum].ranks[node.rank].name;
      text +=
          node.factor > 0 ? ", factor: " + std::to_string(node.factor) : ", tile_shape: " + std::to_string(node.tile);
      if (node.axis >= 0) text += ", spatial: " + std::to_string(node.axis);
      text += "}\n";
      return;
    case NodeKind::storage: {
      std::vector<std::string> tensors;
      for (const std::size_t tensor : node.tensors) tensors.push_back(workload.tensors[tensor].name);
      text += "{type: storage, target: " + level_text(machine, node.level, names) + ", dspace: [" +
              joined(tensors, ", ") + "]" + (node.exploits_reuse ? "}\n" : ", exploits_reuse: false}\n");
      return;
    }
    case NodeKind::compute:
      text += "{type: compute, einsum: " + workload.einsums[node.einsum].name +
              ", target: " + level_text(machine, node.level, names) + "}\n";
      return;
    default:
      text += node.kind == NodeKind::sequential ? "type: sequential\n" : "type: pipeline\n";
      text += indent + "  branches:\n";
      for (const NodeList& branch : node.branches) {
        text += indent + "  -\n";
        write_list(text, workload, branch, machine, names, indent + "    ");
      }
  }
}

void write_list(std::string& text, const Workload& workload, const NodeList& nodes, const Machine& machine, bool names,
                const std::string& indent) {
  for (const Node& node : nodes) {
    text += indent + "- ";
    write_node(text, workload, node, machine, names, indent);
  }
}

struct Leaves {
  std::map<std::string, Leaves> below;
  std::string value;
};

void write_leaves(std::string& text, const Leaves& leaves, const std::string& indent) {
  for (const auto& [key, below] : leaves.below) {
    text += indent + key + ":";
    if (below.below.empty()) {
      text += " " + below.value + "\n";
    } else {
      text += "\n";
      write_leaves(text, below, indent + "  ");
    }
  }
}

}  // namespace

std::string problem_text(const Workload& workload, Dice& dice) {
  const int bounds = dice.between(0, 1);
  const bool beside = dice.percent(60);
  std::vector<std::string> entries;
  for (const Einsum& einsum : workload.einsums) {
    std::vector<std::string> ranks;
    for (const Rank& rank : einsum.ranks) ranks.push_back(rank.name);
    std::string text =
        "- shape:\n    name: " + einsum.name + "\n    dimensions: [" + joined(ranks, ", ") + "]\n    data_spaces:\n";
    for (const Access& read : einsum.reads) text += access_text(workload, einsum, read, workload.names_axes, false);
    text += access_text(workload, einsum, einsum.write, workload.names_axes, true);
    text += (beside ? "  instance: " : "    instance: ") + bounds_text(einsum, bounds) + "\n";
    entries.push_back(text);
  }
  if (dice.percent(10)) dice.shuffle(entries);
  return "problem:\n" + joined(entries, "");
}

std::string mapping_text(const Workload& workload, const NodeList& nodes, const Machine& machine, bool names) {
  std::string text = "mapping:\n  type: fused\n  nodes:\n";
  write_list(text, workload, nodes, machine, names, "  ");
  return text;
}

std::string settings_text(const Settings& settings) {
  Leaves root;
  for (const auto& [path, value] : settings) {
    Leaves* at = &root;
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find('.', begin), path.size());
      at = &at->below[path.substr(begin, end - begin)];
      begin = end + 1;
    }
    at->value = value;
  }
  if (root.below.empty()) return "";
  std::string text = "simulation:\n";
  write_leaves(text, root, "  ");
  return text;
}

}  // namespace loopsim::generator
