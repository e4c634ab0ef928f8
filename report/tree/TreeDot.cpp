#include "report/tree/TreeDot.hpp"

#include <fmt/format.h>

namespace loopsim {
namespace {

const char* dot_shape(TreeShape::Kind kind) {
  switch (kind) {
    case TreeShape::Kind::loop:
      return "box";
    case TreeShape::Kind::storage:
      return "cylinder";
    case TreeShape::Kind::branch:
      return "hexagon";
    case TreeShape::Kind::compute:
      return "ellipse";
  }
  return "box";
}

std::string quoted(const std::vector<std::string>& lines) {
  std::string text = "\"";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) text += "\\n";
    for (const char c : lines[i]) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text + '"';
}

}  // namespace

std::string tree_dot(const std::vector<TreeShape>& shapes) {
  std::string text = "digraph looptree {\n  node [fontname=\"monospace\"];\n";
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    text += fmt::format("  n{} [shape={}, label={}];\n", i, dot_shape(shapes[i].kind), quoted(shapes[i].lines));
  }
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (shapes[i].parent) text += fmt::format("  n{} -> n{};\n", *shapes[i].parent, i);
  }
  return text + "}\n";
}

}  // namespace loopsim
