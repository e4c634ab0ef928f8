#include "sim/noc/TrafficPattern.hpp"

namespace loopsim {

namespace {

TerminalId any_node(const TrafficSettings& traffic, std::mt19937_64& random) {
  const auto nodes = static_cast<double>(traffic.width * traffic.height);
  return TerminalId(static_cast<std::size_t>(unit_random(random) * nodes));
}

}  // namespace

TerminalId destination_of(const TrafficSettings& traffic, TerminalId source, std::mt19937_64& random) {
  const std::int64_t x = source.value % traffic.width, y = source.value / traffic.width;
  const auto node = [&](std::int64_t to_x, std::int64_t to_y) {
    return TerminalId(static_cast<std::size_t>(to_y * traffic.width + to_x));
  };
  switch (traffic.pattern) {
    case TrafficPattern::uniform:
      return any_node(traffic, random);
    case TrafficPattern::transpose:
      return node(y, x);
    case TrafficPattern::neighbor:
      return node((x + 1) % traffic.width, (y + 1) % traffic.height);
    case TrafficPattern::hotspot:
      break;
  }
  return unit_random(random) < traffic.hotspot_share ? traffic.hotspot : any_node(traffic, random);
}

}  // namespace loopsim
