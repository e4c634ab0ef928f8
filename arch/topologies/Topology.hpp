#pragma once

#include <cstdint>
#include <optional>

#include "base/Ids.hpp"

namespace loopsim {

/// Router (x, y) of `columns` x `rows` has number y * columns + x.
using RouterId = Id<struct RouterKind>;

/// A port of a router, numbered from 0: first those to other routers, then those of its terminals.
using Port = std::uint32_t;
constexpr Port east = 0, west = 1, south = 2, north = 3;

/// What decides about a packet's class of virtual channels: all that travels over a link in one packet has one class.
enum class Way {
  single,   ///< from one router to one
  parting,  ///< copies to several routers: not known from where they go to
  meeting,  ///< shares of a sum from several routers: not known from where they come from
};

/// How the routers of a network are connected, and the way of packets between them: geometry alone, without state. A
/// topology is a class derived from this in a file beside, and its row in TopologyTable.cpp.
///
/// Ways from one router to several must form a tree, and so must those from several to one. No packet may wait for
/// itself in a circle: links, told apart by classes of channels, must have an order in which every way goes.
class Topology {
 public:
  /// Where a link leads to: the router, and its port that leads back.
  struct Neighbour {
    RouterId router;
    Port port = 0;
  };
  static constexpr std::uint32_t any_class = ~std::uint32_t{0};

  Topology(std::uint32_t columns, std::uint32_t rows) : columns_(columns), rows_(rows) {}
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;
  virtual ~Topology() = default;

  std::uint32_t columns() const { return columns_; }
  std::uint32_t rows() const { return rows_; }
  std::uint32_t routers() const { return columns_ * rows_; }

  /// Ports of a router to others; not all need to lead somewhere.
  virtual Port directions() const { return 4; }
  virtual const char* direction_name(Port port) const {
    constexpr const char* names[] = {"east", "west", "south", "north"};
    return names[port];
  }
  /// Behind this port, if there is one; another router than this.
  virtual std::optional<Neighbour> neighbour(RouterId router, Port port) const = 0;
  /// The port to take to another router.
  virtual Port route(RouterId at, RouterId to) const = 0;
  /// The class of virtual channels to take at `at` on the way `from` ... `to`; any_class: it does not matter. Of a way
  /// that parts, the same for every `to` over this link; of one that meets, for every `from`.
  virtual std::uint32_t channel_class(Way /*way*/, RouterId /*from*/, RouterId /*at*/, RouterId /*to*/) const {
    return any_class;
  }

 private:
  std::uint32_t columns_;
  std::uint32_t rows_;
};

}  // namespace loopsim
