#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/Measurement.hpp"
#include "sim/machine/Clock.hpp"

namespace loopsim {

using ServerIndex = std::size_t;
using UserIndex = std::size_t;

/// Ports, buses and channels as first-come first-served servers, and the arrays that use them step after step.
/// Plain C++ on integer time: chunks of transfers reserve a server one by one; a run of equal array steps is one
/// arithmetic progression as long as no chunk is in its way, and goes step by step only where they meet.
/// Calls must come in time order. At equal times a chunk goes before a step that has not begun.
class PortCore {
 public:
  explicit PortCore(Clock clock) : clock_(clock) {}

  /// `cause`: what a step that waits for this server is charged to.
  ServerIndex add_server(std::int64_t bits_per_second, StallCause cause);
  /// A port of a bank: one line of `line_bits` a cycle, whatever is wanted of it. A step that waits for it is charged
  /// to `glb`.
  ServerIndex add_bank(std::int64_t line_bits);
  UserIndex add_user();

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
  };
  /// The array begins its runs at `now`, a clock edge.
  void start(UserIndex user, Picoseconds now, std::vector<Run> runs);
  /// When the runs end if no further chunk gets in the way.
  Picoseconds predicted_end(UserIndex user) const;
  /// True once the runs are done at `now`.
  bool finished(UserIndex user, Picoseconds now);

  struct Spent {
    Cycle compute;
    Cycle stall[stall_causes];
    /// Of stall.glb, waits for banks: for the step's own lines, and for lines of others.
    Cycle bank_conflict;
    Cycle bank_arbitration;
  };
  /// Cycles of the runs since start(): own pace, and waits by cause.
  const Spent& spent(UserIndex user) const { return users_[user].spent; }
  Picoseconds busy(ServerIndex server) const { return servers_[server].busy; }
  /// Bits that have gone through.
  std::int64_t moved(ServerIndex server) const { return servers_[server].moved; }

 private:
  struct Server {
    std::int64_t bits_per_second = 0;
    StallCause cause = StallCause::glb;
    bool is_bank = false;  ///< `bits_per_second` is then bits a cycle
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
  };
  struct User {
    bool active = false;
    std::vector<TimedRun> runs;
    std::size_t run = 0;
    std::int64_t left = 0;             ///< steps of the current run not begun
    Picoseconds next;                  ///< when the next step begins, or the runs end
    Picoseconds step_start;            ///< of the step in progress
    std::vector<ServerIndex> servers;  ///< that it uses
    std::vector<Picoseconds> served;   ///< when each of them is done with it
    Spent spent;
  };
  Picoseconds service_time(const Server& server, std::int64_t bits) const;
  Picoseconds total_service(ServerIndex server) const;
  Picoseconds longest_at_a_bank(const TimedRun& run) const;
  void advance(Picoseconds now);
  void advance_user(User& user, Picoseconds until);
  Picoseconds current_run_end(const User& user) const;
  void enter_run(User& user);

  Clock clock_;
  std::vector<Server> servers_;
  std::vector<User> users_;
};

}  // namespace loopsim
