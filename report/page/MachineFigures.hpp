#pragma once

#include <optional>

#include "report/page/Figure.hpp"
#include "report/page/ReportScale.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

// Charts of what parts of the machine did. Nothing where the rung does not model them.

/// Bursts by what they found in the row buffer.
std::optional<Figure> dram_figure(const RunFolder& run, const ReportScale& scale);

/// How long each bank of the global buffer was busy.
std::optional<Figure> bank_figure(const RunFolder& run, const ReportScale& scale);

/// The busiest links of the network.
std::optional<Figure> link_figure(const RunFolder& run, const ReportScale& scale);

}  // namespace loopsim
