#pragma once

#include <string>
#include <tuple>

#include "sim/observe/RunObserver.hpp"

namespace loopsim {

/// Between which memories a transfer goes, and for which tensor.
struct MoveRoute {
  Move::Kind kind = Move::Kind::fill;
  LevelId source;
  LevelId destination;
  TensorId tensor;

  friend bool operator<(const MoveRoute& a, const MoveRoute& b) {
    return std::tie(a.kind, a.source, a.destination, a.tensor) < std::tie(b.kind, b.source, b.destination, b.tensor);
  }
};

MoveRoute route_of(const Transfer& transfer, const ObservedRun& run);
/// "fill MainMemory > GlobalBuffer"
std::string describe(const MoveRoute& route, const ObservedRun& run);

}  // namespace loopsim
