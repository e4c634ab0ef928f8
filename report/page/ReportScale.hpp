#pragma once

#include <cstdint>
#include <vector>

#include "report/page/RunFolder.hpp"

namespace loopsim {

/// What charts of several runs share so that they compare.
struct ReportScale {
  std::int64_t most_cycles = 0;
  double most_component_pj = 0;  ///< of a component on one side
  double most_link_load = 0;     ///< flits a cycle of the busiest link
  std::size_t runs = 1;
};

ReportScale scale_of(const std::vector<RunFolder>& runs);

}  // namespace loopsim
