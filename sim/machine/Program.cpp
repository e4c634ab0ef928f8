#include "sim/machine/Program.hpp"

namespace loopsim {

Program make_program(const BoundTree& tree, const Schedule& schedule, Requirements needed) {
  ArrayPlacement placement = place_arrays(tree, schedule, needed.mesh);
  return {&tree, &schedule, std::move(needed), std::move(placement)};
}

}  // namespace loopsim
