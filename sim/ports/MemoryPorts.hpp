#pragma once

#include <optional>
#include <vector>

#include "arch/Architecture.hpp"
#include "sim/ports/ArrayStep.hpp"
#include "sim/ports/PortCore.hpp"

namespace loopsim {

/// Banks of a level in place of its ports.
struct BankPorts {
  std::int64_t line_bits = 0;
  std::vector<ServerIndex> read;   ///< of each bank
  std::vector<ServerIndex> write;  ///< the same as `read` where banks are single-ported
};

/// Which server of the port core carries which traffic. Nothing = unlimited.
struct LevelPorts {
  std::optional<BankPorts> banks;  ///< then `read` and `write` are nothing
  std::optional<ServerIndex> read;
  std::optional<ServerIndex> write;  ///< the same as `read` where one port serves both
  ServerIndex copy = 0;              ///< held by transfers within the level
  bool copies_in_turn = false;       ///< … which take it one after the other, at a rate of its own
};

struct MemoryPorts {
  std::vector<LevelPorts> levels;  ///< by memory level
  std::optional<ServerIndex> bus;  ///< between the levels outside the array and the array
  Cycle bus_latency;
  std::vector<ServerIndex> wires;  ///< of a network that is a bus or a crossbar
};

/// Sets up the servers of a machine. Read-only and write-only ports are servers of their own; shared ports are one
/// server for both directions, or, beside dedicated ports, half the bandwidth for each.
/// `network` takes the bus's place.
MemoryPorts make_ports(const Architecture& architecture, PortCore& core, const ArrayNetwork* network = nullptr);

enum class Direction { read, write };

/// A piece of a transfer.
struct TransferPiece {
  std::int64_t bits = 0;
  std::int64_t before = 0;     ///< bits of the transfer that went before it
  std::size_t first_bank = 0;  ///< where the transfer begins
};

/// Takes a level's ports for a piece of a transfer; returns when it is through (now, if they are unlimited). Lines of a
/// transfer lie in banks that follow each other, and each is accessed once, with its first bit. `overhead` occupies the
/// port beforehand.
Picoseconds reserve_words(PortCore& core, const LevelPorts& ports, Direction direction, Picoseconds now,
                          const TransferPiece& piece, Picoseconds overhead = Picoseconds());

/// When the transfers within a level are through that are under way; nothing if there are none.
std::optional<Picoseconds> end_of_copies(const PortCore& core, const LevelPorts& level, Picoseconds now);

/// An array's step as the port core takes it.
struct PortStep {
  PortCore::Step step;
  Cycle operand_delay;  ///< on the bus or the network, of the operands
  Cycle result_delay;   ///< and of the results
};
/// `left`: first column of the array in the network's mesh.
PortStep port_step(const MemoryPorts& ports, ArrayNetwork* network, const ArrayStep& step, std::int64_t left);

}  // namespace loopsim
