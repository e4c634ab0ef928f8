#include "report/page/SeriesStyle.hpp"

namespace loopsim {

std::string series_style(std::size_t n) {
  constexpr std::size_t colours = 10;
  return "s" + std::to_string(n % colours);
}

}  // namespace loopsim
