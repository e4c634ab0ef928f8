#pragma once

#include "arch/Architecture.hpp"

namespace loopsim {

/// The machine as these effects model it: what none of them switches on takes no time, limits nothing, or is not there.
Architecture modelled_architecture(Architecture architecture, Effects effects);

}  // namespace loopsim
