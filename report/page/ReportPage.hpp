#pragma once

#include <string>
#include <vector>

#include "report/page/RunFolder.hpp"

namespace loopsim {

/// One HTML document, well-formed XML besides, that needs nothing but itself: no script, nothing to load. Charts of
/// several runs stand side by side. Throws InputError if a stats.json lacks what every version of it has.
std::string report_page(const std::vector<RunFolder>& runs);

}  // namespace loopsim
