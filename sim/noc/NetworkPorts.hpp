#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arch/Architecture.hpp"
#include "sim/noc/Interconnect.hpp"
#include "sim/noc/MeshExtent.hpp"
#include "sim/noc/MeshSettings.hpp"

namespace loopsim {

/// Columns and rows between the outermost of some PEs, both included.
struct PeSpan {
  std::int64_t columns = 0;
  std::int64_t rows = 0;
};

/// Where memories have their ports at the edges of the array, and which one a packet takes. Terminals: the PEs row by
/// row, then the global buffer's ports on the top edge, those on the left edge, and main memory's on the bottom edge.
/// More ports than an edge has PEs are of no use and are left out.
class NetworkPorts {
 public:
  NetworkPorts(const NocSettings& settings, MeshExtent mesh);

  std::int64_t columns() const { return mesh_.columns; }
  std::int64_t rows() const { return mesh_.rows; }
  std::int64_t nodes() const { return mesh_.columns * mesh_.rows; }
  std::int64_t terminals() const;
  std::size_t top() const { return top_.size(); }
  std::size_t left() const { return left_.size(); }
  /// The routers of all ports, in the order of their terminals.
  std::vector<RouterId> routers() const;

  PeSpan span(const std::vector<TerminalId>& nodes) const;
  /// The global buffer's port for a packet to or from these PEs: on the edge at right angles to the way they lie. One
  /// that spans as many columns as rows goes by `all`, what the packets of its tensor span together.
  TerminalId buffer_port(const std::vector<TerminalId>& nodes, PeSpan all) const;
  /// Main memory's.
  TerminalId dram_port(const std::vector<TerminalId>& nodes) const;

  /// "3:2" for the PE in column 3 and row 2, "buffer0", "side0", "dram0".
  std::string name(TerminalId terminal) const;

 private:
  TerminalId nearest(const std::vector<std::int64_t>& ports, std::size_t first, std::vector<std::int64_t> places) const;
  std::vector<std::int64_t> columns_of(const std::vector<TerminalId>& nodes) const;
  std::vector<std::int64_t> rows_of(const std::vector<TerminalId>& nodes) const;

  MeshExtent mesh_;
  std::vector<std::int64_t> top_;     ///< columns
  std::vector<std::int64_t> left_;    ///< rows
  std::vector<std::int64_t> bottom_;  ///< columns
};

}  // namespace loopsim
