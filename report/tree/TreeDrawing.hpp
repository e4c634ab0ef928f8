#pragma once

#include <string>
#include <vector>

#include "report/svg/SvgDrawing.hpp"
#include "report/tree/TreeShapes.hpp"

namespace loopsim {

/// The tree from the root down, each subtree in columns of its own.
SvgDrawing draw(const std::vector<TreeShape>& shapes);

/// A file of its own: the drawing with its style sheet.
std::string tree_svg(const std::vector<TreeShape>& shapes);

}  // namespace loopsim
