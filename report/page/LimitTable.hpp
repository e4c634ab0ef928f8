#pragma once

#include <string>

#include "report/page/RunFolder.hpp"

namespace loopsim {

/// What the cycles of the run were spent on along the critical path, largest first, with what each means and what
/// would change it. Empty for an estimate alone.
std::string limit_table(const RunFolder& run);

}  // namespace loopsim
