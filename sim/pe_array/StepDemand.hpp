#pragma once

#include <boost/container_hash/hash.hpp>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "sim/pe_array/ArrayOutcome.hpp"
#include "sim/pe_array/NumbersHash.hpp"

namespace loopsim {

/// What one step asks of the memories' ports, in bits; of banks, in line accesses. Slots are handed out as they are
/// first asked for: two (read, write) for each instance of a level outside the array and for each of its banks, and two
/// for each private level (its busiest instance).
using StepDemand = std::vector<std::int64_t>;
using DemandId = std::uint32_t;
using Place = std::vector<Coordinate>;

/// Demands interned, so that equal steps are equal numbers. DemandId 0 = nothing.
class DemandTable {
 public:
  DemandTable(const BoundTree& tree, EinsumId einsum);

  /// Read slot of an instance of a level outside the array; the write slot follows it.
  std::size_t slot_outside(LevelId level, const Place& instance);
  /// Read slot of bank 0 of an instance of the banked level; its write slot and the other banks follow.
  std::size_t slot_banks(const Place& instance);
  /// The same for a private level; nothing where its ports are unlimited.
  bool is_limited(LevelId level) const;
  std::size_t slot_private(LevelId level);

  /// Of words of one tensor.
  DemandId intern(StepDemand demand, TensorId tensor, std::vector<StepPacket> packets = {});
  /// Both in one step.
  DemandId add(DemandId a, DemandId b);
  /// Demands of different instances may come to the same step: they get the same object.
  const ArrayStep& step_of(DemandId demand);

 private:
  struct Slot {
    LevelId level;
    Place instance;
    std::optional<std::size_t> bank;
  };
  /// Whose words most of a slot's are, in the first of equal demands: no reason to tell them apart.
  struct Share {
    TensorId tensor;
    std::int64_t bits = 0;
  };
  struct Demand {
    StepDemand bits;
    std::vector<Share> most;           ///< parallel to `bits`
    std::vector<std::size_t> packets;  ///< numbers of packet sets
  };
  std::size_t slot_of(LevelId level, const Place& instance, std::size_t banks = 0);
  ArrayStep make_step(const Demand& demand) const;

  const BoundTree* tree_;
  EinsumId einsum_;
  std::int64_t steps_per_operation_;
  std::size_t banks_ = 0;  ///< of level 1
  std::vector<Slot> slots_;
  DemandId intern(Demand demand);
  std::deque<Demand> demands_;
  std::unordered_map<std::vector<std::int64_t>, DemandId, NumbersHash> ids_;
  std::deque<std::vector<StepPacket>> packet_sets_;  ///< all different
  std::unordered_map<std::pair<DemandId, DemandId>, DemandId, boost::hash<std::pair<DemandId, DemandId>>> sums_;
  std::deque<ArrayStep> steps_;                   ///< all different
  std::vector<const ArrayStep*> step_of_demand_;  ///< null = not asked yet
};

/// Levels whose traffic the machine around the array carries.
constexpr std::size_t levels_outside_array = 2;

/// Cycles that the ports of one instance take for these bits, rounded up: reads go through the read and the shared
/// ports, writes through the write and the shared ones, split as is best.
std::int64_t port_cycles(const PortBandwidth& bandwidth, std::int64_t clock_hz, std::int64_t read_bits,
                         std::int64_t write_bits);

}  // namespace loopsim
