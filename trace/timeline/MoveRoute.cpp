#include "trace/timeline/MoveRoute.hpp"

#include <fmt/format.h>

namespace loopsim {

MoveRoute route_of(const Transfer& transfer, const ObservedRun& run) {
  return {transfer.move.kind, transfer.source, transfer.destination, (*run.nodes)[transfer.move.child].tensor};
}

std::string describe(const MoveRoute& route, const ObservedRun& run) {
  const auto& memories = run.tree->architecture.memories;
  return fmt::format("{} {} > {}", route.kind == Move::Kind::fill ? "fill" : "drain", memories[route.source.value].name,
                     memories[route.destination.value].name);
}

}  // namespace loopsim
