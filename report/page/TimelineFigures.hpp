#pragma once

#include <optional>

#include "report/page/Figure.hpp"
#include "report/page/ReportScale.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

// Charts over time of a run with `--trace chrome`; nothing without.

/// Tile operations of each stage, and moves of tiles.
std::optional<Figure> tile_figure(const RunFolder& run, const ReportScale& scale);

/// Words held in each buffer, its size, and what the estimate requires.
std::optional<Figure> occupancy_figure(const RunFolder& run, const ReportScale& scale);

}  // namespace loopsim
