#pragma once

#include "arch/topologies/Topology.hpp"

namespace loopsim {

/// A mesh whose rows and columns are closed to rings by a link from the last router to the first. The shorter way
/// round, along the row first; where both are as long, from an even place east or south, from an odd one west or north,
/// so that both are used alike. Two routers have one pair of links, not two, and one router has none: rings begin at
/// three.
///
/// A ring has two classes of channels (W. J. Dally, C. L. Seitz, "Deadlock-free message routing in multiprocessor
/// interconnection networks", IEEE ToC C-36(5), 1987): 0 before the link that closes it, 1 after it, either on it. A
/// way that does not take that link keeps to one of the two, so that none leads from class 1 to class 0 or round a ring
/// in one class.
class TorusTopology final : public Topology {
 public:
  using Topology::Topology;

  std::optional<Neighbour> neighbour(RouterId router, Port port) const override {
    const std::uint32_t x = router.value % columns(), y = router.value / columns();
    if (port > north) return std::nullopt;
    const bool along_row = port == east || port == west, forward = port == east || port == south;
    const Ring ring{along_row ? columns() : rows()};
    const auto next = ring.next(along_row ? x : y, forward);
    if (!next) return std::nullopt;
    return Neighbour{RouterId(along_row ? y * columns() + *next : *next * columns() + x), port ^ 1U};
  }

  Port route(RouterId at, RouterId to) const override {
    const std::uint32_t x = at.value % columns(), to_x = to.value % columns();
    if (x != to_x) return Ring{columns()}.forward(x, to_x) ? east : west;
    return Ring{rows()}.forward(at.value / columns(), to.value / columns()) ? south : north;
  }

  std::uint32_t channel_class(Way way, RouterId from, RouterId at, RouterId to) const override {
    const std::uint32_t x = at.value % columns(), to_x = to.value % columns();
    if (x != to_x) return Ring{columns()}.channel_class(way, from.value % columns(), x, to_x);
    return Ring{rows()}.channel_class(way, from.value / columns(), at.value / columns(), to.value / columns());
  }

 private:
  /// A row or a column. Places are below `size`; forward is towards higher ones.
  struct Ring {
    std::uint32_t size;

    bool closed() const { return size > 2; }

    std::optional<std::uint32_t> next(std::uint32_t at, bool forward) const {
      const std::uint32_t end = forward ? size - 1 : 0;
      if (at != end) return forward ? at + 1 : at - 1;
      return closed() ? std::optional(size - 1 - end) : std::nullopt;
    }

    bool forward(std::uint32_t at, std::uint32_t to) const {
      if (!closed()) return at < to;
      const std::uint32_t there = at < to ? to - at : size + to - at, back = size - there;
      return there != back ? there < back : at % 2 == 0;
    }

    std::uint32_t channel_class(Way way, std::uint32_t from, std::uint32_t at, std::uint32_t to) const {
      if (!closed()) return any_class;
      const bool ahead = forward(at, to);
      const bool crossed = ahead ? at < from : at > from;   // the closing link is behind
      const bool to_cross = ahead ? to < at : to > at;      // it is this one or further on
      const bool crossing = at == (ahead ? size - 1 : 0U);  // were it this one
      switch (way) {
        case Way::parting:
          return crossed ? 1 : 0;
        case Way::meeting:
          return to_cross ? 0 : 1;
        case Way::single:
          break;
      }
      if (crossed) return 1;
      if (to_cross && !crossing) return 0;
      return (from + to) % 2;
    }
  };
};

}  // namespace loopsim
