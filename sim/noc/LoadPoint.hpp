#pragma once

#include <cstdint>
#include <optional>

#include "sim/noc/MeshSettings.hpp"
#include "sim/noc/TrafficPattern.hpp"

namespace loopsim {

/// What a mesh does with random traffic of one rate.
struct LoadPoint {
  double rate = 0;                ///< offered, flits a node and cycle
  double accepted = 0;            ///< arrived, flits a node and cycle
  std::optional<double> latency;  ///< cycles from creation to the tail's arrival; none without packets
  std::optional<double> hops;     ///< routers visited
  bool saturated = false;
  Cycle cycles;  ///< simulated
};

/// Measures as BookSim2 does: at each node a packet is created with probability rate / flits in every cycle and waits
/// in a queue without limit. After three warm-up periods of 1000 cycles, periods are added until three in a row have
/// changed the average latency and the accepted rate by less than 5 %; then what was created in them drains. The point
/// is saturated if ten periods are not enough or the average latency passes 500 cycles. Two things are ours: a period
/// is longer where 1000 cycles have fewer than 2000 packets, and measuring goes on to 40000 packets, so that the
/// accepted rate is sure to about 0.5 %.
LoadPoint measure_load(const MeshSettings& mesh, const TrafficSettings& traffic, double rate, std::int64_t flits,
                       std::uint64_t seed);

}  // namespace loopsim
