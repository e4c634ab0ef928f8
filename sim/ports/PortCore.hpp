#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/attribution/Measurement.hpp"
#include "sim/noc/ArrayNetwork.hpp"
#include "sim/ports/StepJob.hpp"
#include "sim/ports/StepTrain.hpp"
#include "sim/time/Clock.hpp"

namespace loopsim {

using UserIndex = std::size_t;

/// Ports, buses and channels as first-come first-served servers, and the arrays that use them step after step.
/// Plain C++ on integer time: chunks of transfers reserve a server one by one; equal array steps are one arithmetic
/// progression as long as no chunk is in their way, and go step by step only where they meet. What an array does while
/// nobody is in its way is looked up in sums of its job.
/// Calls must come in time order. At equal times a chunk goes before a step that has not begun.
class PortCore {
 public:
  /// `network`: gives steps with a load their pace on a mesh; must outlive this.
  explicit PortCore(Clock clock, ArrayNetwork* network = nullptr);

  /// `cause`: what a step that waits for this server is charged to.
  ServerIndex add_server(std::int64_t bits_per_second, StallCause cause);
  /// What serves `unit_bits` a cycle, and a part of that no faster: a bank with its lines, a wire with its flits.
  ServerIndex add_unit_server(std::int64_t unit_bits, StallCause cause);
  UserIndex add_user();
  /// Tells `sink` of the user's steps as they become known, which may be a while after they began. It must live on.
  void watch(UserIndex user, StepTrainSink& sink);

  /// Moves a chunk; returns when its last bit is through.
  Picoseconds reserve(Picoseconds now, ServerIndex index, std::int64_t bits, Picoseconds overhead = Picoseconds());
  /// Keeps the server at least until then, whatever it has to do.
  void hold(ServerIndex server, Picoseconds until) {
    servers_[server].free_at = std::max(servers_[server].free_at, until);
  }
  /// Times at which the server is free for a chunk that comes now.
  Picoseconds free_at(ServerIndex server) const { return servers_[server].free_at; }

  /// A step of an array takes `cycles` unless a server needs longer for its bits.
  struct Demand {
    ServerIndex server = 0;
    std::int64_t bits = 0;
    WordsOf words{};  ///< whose they are, or most of them
  };
  struct Step {
    std::int64_t cycles = 1;
    std::vector<Demand> demands;
    LoadId load;  ///< on the network
  };
  StepId add_step(const Step& step);
  std::shared_ptr<StepJob> make_job(std::vector<StepSequence> sequences) const;

  /// The array begins a job at `now`, a clock edge.
  void start(UserIndex index, Picoseconds now, std::shared_ptr<StepJob> job);
  /// The job does not end before, and it ends then if nothing delays it. Later calls know more.
  Picoseconds earliest_end(UserIndex index) const;
  /// True once the job is done at `now`.
  bool finished(UserIndex index, Picoseconds now);

  /// Cycles of the array since start().
  const StepSpent& spent(UserIndex user) const { return users_[user].spent; }
  /// What StepSpent::waits are for.
  const PortWait& wait(WaitId id) const { return waits_[id]; }
  /// Of a server that is not in units.
  std::int64_t bits_per_second(ServerIndex server) const { return servers_[server].bits_per_second; }
  /// What the server is asked for by the chunks that have come and the jobs that have begun.
  Picoseconds busy(ServerIndex server) const { return servers_[server].busy; }
  std::int64_t moved(ServerIndex server) const { return servers_[server].moved; }
  /// Steps of the jobs that have begun with each load on the network, by LoadId; none beyond the last.
  const std::vector<std::int64_t>& steps_of_loads() const { return steps_of_loads_; }

 private:
  struct Server {
    std::int64_t bits_per_second = 0;
    StallCause cause = StallCause::glb;
    bool in_units = false;   ///< `bits_per_second` is then bits a cycle
    bool for_steps = false;  ///< some step uses it
    Picoseconds free_at;
    Picoseconds shared;  ///< by one step of every array at the moment: they take turns
    Picoseconds busy;
    std::int64_t moved = 0;
  };
  /// From one step to the next, and what makes it longer than the array's own time.
  struct Pace {
    Picoseconds time;
    StallCause slow = StallCause::noc;
    std::optional<std::size_t> service{};  ///< of the step's; nothing: the mesh
  };
  /// Beyond an array's own pace.
  struct Waits {
    Picoseconds by_cause[stall_causes];
    WaitTimes by_kind;
  };
  struct User {
    bool active = false;
    std::shared_ptr<StepJob> job;
    std::size_t sequence = 0;
    std::int64_t left = 0;             ///< steps of the current sequence not begun
    Picoseconds next;                  ///< when the next step begins, or the job ends
    Picoseconds begun;                 ///< when the current sequence began
    Picoseconds network_pace;          ///< of a step on the mesh with all others, at the least
    Picoseconds network_alone;         ///< the same if nobody else used it
    Picoseconds step_start;            ///< of the step in progress
    std::vector<ServerIndex> servers;  ///< that it uses
    std::vector<Picoseconds> served;   ///< when each of them is done with it
    Waits waits;                       ///< of the current sequence
    StepSpent spent;

    bool working() const { return active && sequence < job->sequences().size(); }
    StepId step() const { return job->sequences()[sequence].step; }
  };
  /// Of a step when nobody else uses servers or network.
  struct Alone {
    Pace pace;
    Picoseconds network;
  };
  WaitId add_wait(StallCause cause, PortDetail detail, std::optional<PortWait::Place> place = std::nullopt);
  TimedStep::Service make_service(const Demand& demand);
  Picoseconds service_time(const Server& server, std::int64_t bits) const;
  Picoseconds longest_in_units(const TimedStep& step, StallCause cause) const;
  Picoseconds port_pace(const TimedStep& step) const;
  const Alone& alone(StepId id);
  StepSpent spent_alone(const StepSequence& sequence);
  void pace_network();
  void advance(Picoseconds now);
  void advance_user(User& user, Picoseconds until);
  bool skip(User& user, Picoseconds until);
  Picoseconds current_end(const User& user) const;
  void share_servers(const User& user, int sign);
  void begin_sequence(User& user, std::size_t sequence);
  void end_sequences(User& user);
  void add_waits(Waits& waits, const TimedStep& step, const Pace& pace, Picoseconds waited, std::int64_t steps,
                 Picoseconds network_alone) const;
  Cycle take_fraction(Waits& waits, StallCause cause) const;
  void book(StepSpent& spent, const StepSequence& sequence, Cycle took, Waits waits) const;
  void tell(const User& user, const StepTrain& train);

  Clock clock_;
  ArrayNetwork* network_;
  std::vector<Server> servers_;
  Picoseconds latest_free_;  ///< of all servers that steps use
  std::vector<User> users_;
  IdVector<StepId, TimedStep> steps_;
  std::vector<std::optional<Alone>> alone_;  ///< by StepId
  std::vector<std::int64_t> steps_of_loads_;
  std::vector<StepTrainSink*> sinks_;  ///< by user; empty if nobody watches
  IdVector<WaitId, PortWait> waits_;
  std::array<WaitId, stall_causes> arbitration_;
  WaitId bank_conflict_, serialization_, network_rounding_;
};

}  // namespace loopsim
