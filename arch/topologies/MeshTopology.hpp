#pragma once

#include "arch/topologies/Topology.hpp"

namespace loopsim {

/// A rectangle of routers, each linked with those beside it. Along the row first: no way turns back from a column into
/// a row, so that one class of channels is enough.
class MeshTopology final : public Topology {
 public:
  using Topology::Topology;

  std::optional<Neighbour> neighbour(RouterId router, Port port) const override {
    const std::uint32_t number = router.value, column = number % columns();
    switch (port) {
      case east:
        return column + 1 < columns() ? found(number + 1, west) : std::nullopt;
      case west:
        return column > 0 ? found(number - 1, east) : std::nullopt;
      case south:
        return number + columns() < routers() ? found(number + columns(), north) : std::nullopt;
      case north:
        return number >= columns() ? found(number - columns(), south) : std::nullopt;
      default:
        return std::nullopt;
    }
  }

  Port route(RouterId at, RouterId to) const override {
    const std::uint32_t x = at.value % columns(), to_x = to.value % columns();
    if (x != to_x) return x < to_x ? east : west;
    return at.value < to.value ? south : north;
  }

 private:
  static std::optional<Neighbour> found(std::uint32_t router, Port back) { return Neighbour{RouterId(router), back}; }
};

}  // namespace loopsim
