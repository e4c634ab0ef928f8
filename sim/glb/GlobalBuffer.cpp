#include "sim/glb/GlobalBuffer.hpp"

namespace loopsim {

void GlobalBuffer::load(const Architecture& architecture) {
  const Clock clock(architecture.clock_hz);
  core_.emplace(clock, network->network());
  servers_ = make_ports(architecture, *core_, network->network());
  mover_.emplace(architecture, servers_, *core_, clock);
  use(*mover_);
}

}  // namespace loopsim
