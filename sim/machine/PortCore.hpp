#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/Measurement.hpp"
#include "sim/machine/ArrayNetwork.hpp"
#include "sim/machine/Clock.hpp"
#include "sim/machine/StepTrain.hpp"

namespace loopsim {

using ServerIndex = std::size_t;
using UserIndex = std::size_t;

/// Finer causes of a step's waits: of stall.glb for lines of its own in one bank, and for lines of others; of stall.noc
/// for flits of its own on one link, and for flits of others.
enum class PortDetail { bank_conflict, bank_arbitration, noc_serialization, noc_arbitration };
constexpr std::size_t port_details = 4;
/// "glb.bank_conflict"
const char* name_of(PortDetail detail);

/// Ports, buses and channels as first-come first-served servers, and the arrays that use them step after step.
/// Plain C++ on integer time: chunks of transfers reserve a server one by one; a run of equal array steps is one
/// arithmetic progression as long as no chunk is in its way, and goes step by step only where they meet.
/// Calls must come in time order. At equal times a chunk goes before a step that has not begun.
class PortCore {
 public:
  /// `network`: gives steps with a load their pace on a mesh; must outlive this.
  explicit PortCore(Clock clock, ArrayNetwork* network = nullptr) : clock_(clock), network_(network) {}

  /// `cause`: what a step that waits for this server is charged to.
  ServerIndex add_server(std::int64_t bits_per_second, StallCause cause);
  /// What serves `unit_bits` a cycle, and a part of that no faster: a bank with its lines, a wire with its flits.
  ServerIndex add_unit_server(std::int64_t unit_bits, StallCause cause);
  UserIndex add_user();
  /// Tells `sink` of the user's steps as they become known, which may be a while after they began. It must live on.
  void watch(UserIndex user, StepTrainSink& sink);

  /// Moves a chunk; returns when its last bit is through.
  Picoseconds reserve(Picoseconds now, ServerIndex server, std::int64_t bits, Picoseconds overhead = Picoseconds());
  /// Times at which the server is free for a chunk that comes now.
  Picoseconds free_at(ServerIndex server) const { return servers_[server].free_at; }

  /// Equal steps of an array: each takes `cycles` unless a server needs longer for its bits.
  struct Demand {
    ServerIndex server = 0;
    std::int64_t bits = 0;
  };
  struct Run {
    std::int64_t steps = 0;
    std::int64_t cycles = 1;
    std::vector<Demand> demands;
    LoadId load;  ///< on the network
  };
  /// The array begins its runs at `now`, a clock edge.
  void start(UserIndex user, Picoseconds now, std::vector<Run> runs);
  /// When the runs end if no further chunk gets in the way.
  Picoseconds predicted_end(UserIndex user) const;
  /// True once the runs are done at `now`. They may have ended before: the pace of a mesh can rise when another array
  /// begins, which no prediction knows. What is lost until `now` is then a wait for the network.
  bool finished(UserIndex user, Picoseconds now);

  struct Spent {
    Cycle compute;
    Cycle stall[stall_causes];
    Cycle detail[port_details];
  };
  /// Cycles of the runs since start(): own pace, and waits by cause.
  const Spent& spent(UserIndex user) const { return users_[user].spent; }
  Picoseconds busy(ServerIndex server) const { return servers_[server].busy; }
  /// Steps taken with each load on the network, by LoadId; none beyond the last.
  const std::vector<std::int64_t>& steps_of_loads() const { return steps_of_loads_; }
  /// Bits that have gone through.
  std::int64_t moved(ServerIndex server) const { return servers_[server].moved; }

 private:
  struct Server {
    std::int64_t bits_per_second = 0;
    StallCause cause = StallCause::glb;
    bool in_units = false;  ///< `bits_per_second` is then bits a cycle
    Picoseconds free_at;
    Picoseconds busy;
    std::int64_t moved = 0;
  };
  struct Service {
    ServerIndex server = 0;
    Picoseconds time;
    std::int64_t bits = 0;
  };
  struct TimedRun {
    std::int64_t steps = 0;
    Picoseconds time;  ///< of one step at the array's own pace
    std::vector<Service> services;
    LoadId load;
  };
  struct User {
    bool active = false;
    std::vector<TimedRun> runs;
    std::size_t run = 0;
    std::int64_t left = 0;             ///< steps of the current run not begun
    Picoseconds next;                  ///< when the next step begins, or the runs end
    Picoseconds begun;                 ///< when the current run began
    Picoseconds network_pace;          ///< of a step on the mesh with all others, at the least; not on clock edges
    Picoseconds network_alone;         ///< the same if nobody else used it
    Picoseconds step_start;            ///< of the step in progress
    std::vector<ServerIndex> servers;  ///< that it uses
    std::vector<Picoseconds> served;   ///< when each of them is done with it
    // Of the current run, beyond the array's own pace:
    Picoseconds waited[stall_causes];
    Picoseconds waited_in_detail[port_details];
    Spent spent;
  };
  Picoseconds service_time(const Server& server, std::int64_t bits) const;
  Picoseconds total_service(ServerIndex server) const;
  Picoseconds longest_in_units(const TimedRun& run, StallCause cause) const;
  Picoseconds port_pace(const TimedRun& run) const;
  void pace_network();
  void advance(Picoseconds now);
  void advance_user(User& user, Picoseconds until);
  Picoseconds current_run_end(const User& user) const;
  void enter_run(User& user);
  void book_run(User& user);
  void tell(const User& user, const StepTrain& train);

  Clock clock_;
  ArrayNetwork* network_;
  std::vector<Server> servers_;
  std::vector<User> users_;
  std::vector<std::int64_t> steps_of_loads_;
  std::vector<StepTrainSink*> sinks_;  ///< by user; empty if nobody watches
};

}  // namespace loopsim
