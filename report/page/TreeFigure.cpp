#include "report/page/TreeFigure.hpp"

#include "report/tree/TreeDrawing.hpp"

namespace loopsim {
namespace {

const char* kind_word(TreeShape::Kind kind) {
  switch (kind) {
    case TreeShape::Kind::loop:
      return "loop";
    case TreeShape::Kind::storage:
      return "storage";
    case TreeShape::Kind::branch:
      return "branch";
    case TreeShape::Kind::compute:
      return "compute";
  }
  return "";
}

}  // namespace

std::optional<Figure> tree_figure(const RunFolder& run, const ReportScale&) {
  if (!run.tree) return std::nullopt;
  const std::vector<TreeShape> shapes = tree_shapes(*run.tree);
  Figure figure;
  figure.title = "Loop tree";
  figure.description = "The mapping: boxes are loops, cylinders storage, hexagons branches, ovals computing.";
  figure.data.columns = {"node", "parent", "kind", "text"};
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    std::string text;
    for (const std::string& line : shapes[i].lines) text += (text.empty() ? "" : " ") + line;
    DataTable::Cell parent = nullptr;
    if (shapes[i].parent) parent = *shapes[i].parent;
    figure.data.rows.push_back({i, parent, kind_word(shapes[i].kind), text});
  }
  figure.drawing = draw(shapes);
  return figure;
}

}  // namespace loopsim
