#pragma once

#include <cstdint>

#include "sim/noc/Interconnect.hpp"

namespace loopsim {

/// A fixed amount of traffic, all of it ready at once.
enum class FixedTraffic {
  stream,     ///< from one node to another
  gather,     ///< from every node to one
  scatter,    ///< from one node to every node, one packet each in turn
  multicast,  ///< from one node, the same packet to every node
  reduce,     ///< from every node to one, summed on the way
  allgather,  ///< from every node, the same packet to every node
};

struct FixedTrafficResult {
  std::int64_t cycles = 0;  ///< from the first injection to the last arrival, both counted
  std::int64_t flit_hops = 0;
};

/// Sends `packets` packets of `flits` flits each per source (scatter: per destination). "Every node" includes the node
/// at the other end. Of `from` and `to`, what the traffic has no use for is not read. Throws DeadlockError.
FixedTrafficResult run_fixed_traffic(Interconnect& network, FixedTraffic traffic, std::int64_t nodes, TerminalId from,
                                     TerminalId to, std::int64_t packets, std::int64_t flits);

}  // namespace loopsim
