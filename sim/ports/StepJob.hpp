#pragma once

#include <cstdint>
#include <vector>

#include "base/Ids.hpp"
#include "sim/attribution/Measurement.hpp"
#include "sim/attribution/PortWait.hpp"
#include "sim/attribution/StepSpent.hpp"
#include "sim/noc/ArrayNetwork.hpp"
#include "sim/time/Clock.hpp"

namespace loopsim {

/// A step of an array, with what it asks of servers.
struct TimedStep {
  struct Service {
    ServerIndex server = 0;
    Picoseconds time;
    std::int64_t bits = 0;
    WaitId own;       ///< a wait for the step's own bits
    WaitId rounding;  ///< and for the edge of the clock after them
  };
  Picoseconds time;  ///< at the array's own pace
  std::vector<Service> services;
  LoadId load;  ///< on the network
  Cycle least;  ///< from one to the next, if nobody else uses the servers and the network is fast enough
};
using StepId = Id<struct StepKind>;

/// Equal steps that follow each other.
struct StepSequence {
  std::int64_t steps = 0;
  StepId step;
};

/// All that an array does in a tile operation, with sums that let many sequences be skipped at once.
class StepJob {
 public:
  StepJob(std::vector<StepSequence> sequences, const IdVector<StepId, TimedStep>& steps);

  const std::vector<StepSequence>& sequences() const { return sequences_; }

  struct Served {
    ServerIndex server = 0;
    Picoseconds time;
    std::int64_t bits = 0;
  };
  /// What all its steps ask of each server.
  const std::vector<Served>& served() const { return served_; }

  struct Carried {
    LoadId load;
    std::int64_t steps = 0;
  };
  /// Its steps by their load on the network, but for those without.
  const std::vector<Carried>& carried() const { return carried_; }

  /// What the sequences from one on take at the least.
  Cycle least_from(std::size_t sequence, const IdVector<StepId, TimedStep>& steps) const;

  /// Sums of what groups of sequences take while nobody else uses servers or network: the first has those before
  /// sequence 0, then one for each `group` sequences more. Empty until they are set.
  static constexpr std::size_t group = 64;
  const std::vector<StepSpent>& sums_alone() const { return sums_alone_; }
  void set_sums_alone(std::vector<StepSpent> sums) { sums_alone_ = std::move(sums); }

 private:
  std::vector<StepSequence> sequences_;
  std::vector<Served> served_;
  std::vector<Carried> carried_;
  std::vector<Cycle> least_;  ///< of the sequences from n * group on
  std::vector<StepSpent> sums_alone_;
};

}  // namespace loopsim
