#include "report/tree/TreeDrawing.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "report/svg/PageStyle.hpp"

namespace loopsim {
namespace {

constexpr double margin = 12;
constexpr double line_height = 15;
constexpr double level_distance = 16;   ///< between a node and the one below
constexpr double column_distance = 20;  ///< between subtrees
constexpr double cap = 6;               ///< half the height of a cylinder's top

/// Around the text.
struct Padding {
  double x = 0;
  double y = 0;
};

Padding padding_of(TreeShape::Kind kind) {
  switch (kind) {
    case TreeShape::Kind::loop:
      return {10, 5};
    case TreeShape::Kind::storage:
      return {10, 5 + cap};
    case TreeShape::Kind::branch:
      return {22, 7};
    case TreeShape::Kind::compute:
      return {24, 9};
  }
  return {};
}

/// Where a shape goes, and the columns of what hangs below it.
struct DrawnPlace {
  double width = 0;
  double height = 0;
  double columns = 0;  ///< width of the subtree
  double x = 0;        ///< of its centre
  double top = 0;
  double next_child = 0;  ///< left end of the columns that are not given away
};

std::vector<DrawnPlace> measure(const std::vector<TreeShape>& shapes) {
  std::vector<DrawnPlace> places(shapes.size());
  std::vector<double> below(shapes.size(), 0);  // columns of the children together
  for (std::size_t i = shapes.size(); i-- > 0;) {
    const Padding padding = padding_of(shapes[i].kind);
    double text = 0;
    for (const std::string& line : shapes[i].lines) text = std::max(text, text_length(line));
    places[i].width = text + 2 * padding.x;
    places[i].height = line_height * static_cast<double>(shapes[i].lines.size()) + 2 * padding.y;
    places[i].columns = std::max(places[i].width, below[i]);
    if (shapes[i].parent) {
      double& sum = below[*shapes[i].parent];
      sum += places[i].columns + (sum > 0 ? column_distance : 0);
    }
  }
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    DrawnPlace& place = places[i];
    if (!shapes[i].parent) {
      place.x = margin + place.columns / 2;
      place.top = margin;
    } else {
      DrawnPlace& parent = places[*shapes[i].parent];
      place.x = parent.next_child + place.columns / 2;
      place.top = parent.top + parent.height + level_distance;
      parent.next_child += place.columns + column_distance;
    }
    place.next_child = place.x - below[i] / 2;
  }
  return places;
}

void draw_outline(SvgDrawing& drawing, TreeShape::Kind kind, const DrawnPlace& p) {
  const double left = p.x - p.width / 2;
  const double right = p.x + p.width / 2;
  const double bottom = p.top + p.height;
  const double middle = (p.top + bottom) / 2;
  switch (kind) {
    case TreeShape::Kind::loop:
      add_box(drawing, {left, p.top, p.width, p.height}, "loop");
      break;
    case TreeShape::Kind::storage: {
      const double rx = p.width / 2;
      add_path(
          drawing,
          fmt::format("M{0:.2f},{2:.2f}A{4:.2f},{5} 0 0 1 {1:.2f},{2:.2f}V{3:.2f}A{4:.2f},{5} 0 0 1 {0:.2f},{3:.2f}Z"
                      "M{0:.2f},{2:.2f}A{4:.2f},{5} 0 0 0 {1:.2f},{2:.2f}",
                      left, right, p.top + cap, bottom - cap, rx, cap),
          "storage");
      break;
    }
    case TreeShape::Kind::branch: {
      constexpr double slant = 12;
      add_path(drawing,
               fmt::format("M{:.2f},{:.2f}L{:.2f},{:.2f}H{:.2f}L{:.2f},{:.2f}L{:.2f},{:.2f}H{:.2f}Z", left, middle,
                           left + slant, p.top, right - slant, right, middle, right - slant, bottom, left + slant),
               "branch");
      break;
    }
    case TreeShape::Kind::compute:
      add_path(
          drawing,
          fmt::format("M{0:.2f},{2:.2f}A{3:.2f},{4:.2f} 0 0 1 {1:.2f},{2:.2f}A{3:.2f},{4:.2f} 0 0 1 {0:.2f},{2:.2f}Z",
                      left, right, middle, p.width / 2, p.height / 2),
          "operation");
      break;
  }
}

}  // namespace

SvgDrawing draw(const std::vector<TreeShape>& shapes) {
  SvgDrawing drawing;
  if (shapes.empty()) return drawing;
  const std::vector<DrawnPlace> places = measure(shapes);
  drawing.width = places.front().columns + 2 * margin;
  for (const DrawnPlace& place : places) drawing.height = std::max(drawing.height, place.top + place.height + margin);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (!shapes[i].parent) continue;
    const DrawnPlace& from = places[*shapes[i].parent];
    add_line(drawing, {from.x, from.top + from.height}, {places[i].x, places[i].top}, "edge");
  }
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    draw_outline(drawing, shapes[i].kind, places[i]);
    double y = places[i].top + padding_of(shapes[i].kind).y + 11;
    if (shapes[i].kind == TreeShape::Kind::storage) y += cap / 2;
    for (const std::string& line : shapes[i].lines) {
      add_text(drawing, {places[i].x, y}, line, "node");
      y += line_height;
    }
  }
  return drawing;
}

std::string tree_svg(const std::vector<TreeShape>& shapes) {
  SvgDrawing drawing = draw(shapes);
  drawing.body = fmt::format("<style>{}</style>\n", drawing_style()) + drawing.body;
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
         svg_markup(drawing, "looptree", "Loop tree",
                    "Boxes are loops, cylinders storage, hexagons branches, ovals computing.") +
         "\n";
}

}  // namespace loopsim
