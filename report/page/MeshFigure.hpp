#pragma once

#include <optional>

#include "report/page/Figure.hpp"
#include "report/page/ReportScale.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

/// Every link of the meshes, coloured by how busy it was. Nothing below the rung `noc` and of other networks.
std::optional<Figure> mesh_figure(const RunFolder& run, const ReportScale& scale);

}  // namespace loopsim
