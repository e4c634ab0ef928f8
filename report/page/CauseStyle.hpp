#pragma once

#include <string>
#include <string_view>

namespace loopsim {

/// The class of the colour of a row of the accounting or an entry of the bridge: the same in every chart.
std::string cause_style(std::string_view cause);

/// The same of a finer cause.
std::string finer_cause_style(std::string_view cause);

}  // namespace loopsim
