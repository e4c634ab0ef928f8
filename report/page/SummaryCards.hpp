#pragma once

#include <string>

#include "report/page/RunFolder.hpp"

namespace loopsim {

/// The main figures of a run as an HTML list of cards.
std::string summary_cards(const RunFolder& run);

}  // namespace loopsim
