#pragma once

#include <optional>

#include "report/page/Figure.hpp"
#include "report/page/ReportScale.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

/// The mapping as a loop tree; nothing without resolved.yaml.
std::optional<Figure> tree_figure(const RunFolder& run, const ReportScale& scale);

}  // namespace loopsim
