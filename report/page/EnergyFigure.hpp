#pragma once

#include <optional>

#include "report/page/Figure.hpp"
#include "report/page/ReportScale.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

/// Energy of each component by action, estimated and simulated.
std::optional<Figure> energy_figure(const RunFolder& run, const ReportScale& scale);

}  // namespace loopsim
