#pragma once

#include <string>
#include <vector>

#include "report/tree/TreeShapes.hpp"

namespace loopsim {

/// As a directed graph in Graphviz's language.
std::string tree_dot(const std::vector<TreeShape>& shapes);

}  // namespace loopsim
