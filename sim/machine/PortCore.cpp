#include "sim/machine/PortCore.hpp"

#include <algorithm>

namespace loopsim {

const char* name_of(PortDetail detail) {
  constexpr const char* names[port_details] = {"glb.bank_conflict", "glb.arbitration", "noc.serialization",
                                               "noc.arbitration"};
  return names[static_cast<std::size_t>(detail)];
}

ServerIndex PortCore::add_server(std::int64_t bits_per_second, StallCause cause) {
  servers_.push_back({bits_per_second, cause, false, {}, {}, 0});
  return servers_.size() - 1;
}

ServerIndex PortCore::add_unit_server(std::int64_t unit_bits, StallCause cause) {
  servers_.push_back({unit_bits, cause, true, {}, {}, 0});
  return servers_.size() - 1;
}

Picoseconds PortCore::service_time(const Server& server, std::int64_t bits) const {
  if (server.in_units) return clock_.period * ((bits + server.bits_per_second - 1) / server.bits_per_second);
  return transfer_time(bits, server.bits_per_second);
}

UserIndex PortCore::add_user() {
  users_.emplace_back();
  return users_.size() - 1;
}

void PortCore::watch(UserIndex user, StepTrainSink& sink) {
  sinks_.resize(std::max(sinks_.size(), user + 1));
  sinks_[user] = &sink;
}

/// Of one step of every array that uses the server at the moment: they take turns.
Picoseconds PortCore::total_service(ServerIndex server) const {
  Picoseconds total;
  for (const User& user : users_) {
    if (!user.active || user.run >= user.runs.size()) continue;
    for (const Service& service : user.runs[user.run].services) {
      if (service.server == server) total += service.time;
    }
  }
  return total;
}

/// What a step takes if nobody else uses the banks, or the wires.
Picoseconds PortCore::longest_in_units(const TimedRun& run, StallCause cause) const {
  Picoseconds longest = run.time;
  for (const Service& service : run.services) {
    const Server& server = servers_[service.server];
    if (server.in_units && server.cause == cause) longest = std::max(longest, service.time);
  }
  return longest;
}

/// Of a step when there is no backlog of chunks: as the slowest server needs for everybody's share.
Picoseconds PortCore::port_pace(const TimedRun& run) const {
  Picoseconds pace = run.time;
  for (const Service& service : run.services) pace = std::max(pace, clock_.round_up(total_service(service.server)));
  return pace;
}

/// To be called whenever the runs at hand change.
void PortCore::pace_network() {
  if (network_ == nullptr) return;
  std::vector<ArrayNetwork::Share> shares;
  std::vector<User*> whose;
  for (User& user : users_) {
    user.network_pace = user.network_alone = Picoseconds();
    if (!user.active || user.run >= user.runs.size() || user.runs[user.run].load == LoadId()) continue;
    shares.push_back({user.runs[user.run].load, clock_.edge(port_pace(user.runs[user.run]))});
    whose.push_back(&user);
  }
  const std::vector<ArrayNetwork::Pace> paces = network_->paces(shares);
  const auto time_of = [&](StepPace pace) {
    return Picoseconds((clock_.period.value * pace.cycles + pace.steps / 2) / pace.steps);
  };
  for (std::size_t i = 0; i < whose.size(); ++i) {
    whose[i]->network_pace = time_of(paces[i].all);
    whose[i]->network_alone = time_of(paces[i].alone);
  }
}

void PortCore::tell(const User& user, const StepTrain& train) {
  const auto index = static_cast<std::size_t>(&user - users_.data());
  if (index < sinks_.size() && sinks_[index] != nullptr) sinks_[index]->steps_taken(train);
}

/// Runs the user's current run on: steps that begin before `until`.
void PortCore::advance_user(User& user, Picoseconds until) {
  const TimedRun& run = user.runs[user.run];
  Picoseconds pace = run.time;
  StallCause slow = StallCause::noc;
  bool in_units = true;
  const auto slowed_by = [&](const Server& server) {
    slow = server.cause;
    in_units = server.in_units;
  };
  for (const Service& service : run.services) {
    const Picoseconds needed = clock_.round_up(total_service(service.server));
    if (needed > pace) {
      pace = needed;
      slowed_by(servers_[service.server]);
    }
  }
  if (user.network_pace > pace) {
    pace = user.network_pace;
    slow = StallCause::noc;
    in_units = true;
  }
  while (user.left > 0 && user.next < until) {
    // A backlog of chunks delays the next step.
    Picoseconds end = user.next + pace;
    const StallCause usual = slow;
    const bool usual_in_units = in_units;
    for (const Service& service : run.services) {
      const Server& server = servers_[service.server];
      const Picoseconds served = clock_.round_up(std::max(user.next, server.free_at) + total_service(service.server));
      if (served > end) {
        end = served;
        slowed_by(server);
      }
    }
    std::int64_t steps = 1;
    if (end == user.next + pace) {
      const std::int64_t begun = (until.value - user.next.value + pace.value - 1) / pace.value;
      steps = std::min(user.left, begun);
    }
    const Picoseconds took = end - user.next;
    if (!sinks_.empty()) tell(user, {user.next, took, steps, run.load});
    user.step_start = user.next + took * (steps - 1);
    user.served.clear();
    user.servers.clear();
    for (const Service& service : run.services) {
      user.servers.push_back(service.server);
      user.served.push_back(std::max(user.step_start, servers_[service.server].free_at) +
                            total_service(service.server));
    }
    user.next += took * steps;
    user.left -= steps;
    if (const Picoseconds waited = took - run.time; waited > Picoseconds()) {
      user.waited[static_cast<std::size_t>(slow)] += waited * steps;
      if (in_units) {
        const bool on_network = slow == StallCause::noc;
        const Picoseconds alone =
            std::max(longest_in_units(run, slow), on_network ? user.network_alone : Picoseconds());
        const Picoseconds own = std::min(waited, alone - run.time);
        const auto detail = [&](PortDetail which) -> Picoseconds& {
          return user.waited_in_detail[static_cast<std::size_t>(which)];
        };
        detail(on_network ? PortDetail::noc_serialization : PortDetail::bank_conflict) += own * steps;
        detail(on_network ? PortDetail::noc_arbitration : PortDetail::bank_arbitration) += (waited - own) * steps;
      }
    }
    slow = usual;
    in_units = usual_in_units;
    for (const Service& service : run.services) {
      servers_[service.server].busy += service.time * steps;
      servers_[service.server].moved += service.bits * steps;
    }
  }
}

/// Books the cycles of the run that has ended. Only the pace of a mesh lies between edges of the clock, so what is lost
/// until the next edge is its.
void PortCore::book_run(User& user) {
  const TimedRun& run = user.runs[user.run];
  const Picoseconds end = clock_.round_up(user.next);
  const Cycle own = clock_.edge(run.time) * run.steps;
  const Cycle waited = clock_.edge(end - user.begun) - own;
  user.next = end;
  user.begun = end;
  user.spent.compute += own;
  const auto noc = static_cast<std::size_t>(StallCause::noc);
  Cycle others;
  const auto whole = [&](Picoseconds time) { return Cycle(time.value / clock_.period.value); };
  for (std::size_t cause = 0; cause < stall_causes; ++cause) {
    if (cause == noc) continue;
    const Cycle cycles = whole(user.waited[cause]);
    user.spent.stall[cause] += cycles;
    others += cycles;
    user.waited[cause] = Picoseconds();
  }
  user.spent.stall[noc] += waited - others;
  user.waited[noc] = Picoseconds();
  for (std::size_t detail = 0; detail < port_details; ++detail) {
    user.spent.detail[detail] += whole(user.waited_in_detail[detail]);
    user.waited_in_detail[detail] = Picoseconds();
  }
  if (run.load != LoadId()) {
    if (steps_of_loads_.size() <= run.load.value) steps_of_loads_.resize(run.load.value + 1);
    steps_of_loads_[run.load.value] += run.steps;
  }
}

void PortCore::enter_run(User& user) {
  while (user.run < user.runs.size() && user.left == 0) {
    book_run(user);
    ++user.run;
    if (user.run < user.runs.size()) user.left = user.runs[user.run].steps;
  }
}

void PortCore::advance(Picoseconds now) {
  const auto working = [](const User& user) { return user.active && user.run < user.runs.size(); };
  // Up to the next end of a run, where the shares of the servers change, and on from there.
  for (bool moved = true; moved;) {
    moved = false;
    bool entered = false;
    Picoseconds until = now;
    for (const User& user : users_) {
      if (working(user) && user.next < now) until = std::min(until, current_run_end(user));
    }
    for (User& user : users_) {
      if (!working(user) || user.left == 0 || user.next >= until) continue;
      advance_user(user, until);
      moved = true;
    }
    for (User& user : users_) {
      if (!working(user) || user.left > 0 || user.next > until) continue;
      enter_run(user);
      moved = true;
      entered = true;
    }
    if (entered) pace_network();
  }
}

/// When the current run would end at the present pace.
Picoseconds PortCore::current_run_end(const User& user) const {
  const Picoseconds pace = std::max(port_pace(user.runs[user.run]), user.network_pace);
  return clock_.round_up(user.next + pace * std::max<std::int64_t>(user.left, 0));
}

Picoseconds PortCore::reserve(Picoseconds now, ServerIndex index, std::int64_t bits, Picoseconds overhead) {
  advance(now);
  Server& server = servers_[index];
  Picoseconds start = std::max(now, server.free_at);
  for (const User& user : users_) {  // a step in progress has the server first
    if (!user.active || now < user.step_start) continue;
    for (std::size_t i = 0; i < user.served.size(); ++i) {
      if (user.servers[i] == index) start = std::max(start, user.served[i]);
    }
  }
  const Picoseconds service = service_time(server, bits) + overhead;
  server.free_at = start + service;
  server.busy += service;
  server.moved += bits;
  return server.free_at;
}

void PortCore::start(UserIndex index, Picoseconds now, std::vector<Run> runs) {
  advance(now);
  User& user = users_[index];
  user = User();
  user.active = true;
  user.next = user.begun = now;
  for (const Run& run : runs) {
    TimedRun timed;
    timed.steps = run.steps;
    timed.time = clock_.at(Cycle(run.cycles));
    timed.load = run.load;
    for (const Demand& demand : run.demands) {
      if (demand.bits > 0) {
        timed.services.push_back({demand.server, service_time(servers_[demand.server], demand.bits), demand.bits});
      }
    }
    user.runs.push_back(std::move(timed));
  }
  if (!user.runs.empty()) user.left = user.runs.front().steps;
  enter_run(user);
  pace_network();
}

Picoseconds PortCore::predicted_end(UserIndex index) const {
  PortCore copy = *this;
  copy.sinks_.clear();
  Picoseconds horizon = users_[index].next;
  for (;;) {
    const User& user = copy.users_[index];
    if (user.run >= user.runs.size()) return user.next;
    horizon = std::max(horizon, copy.current_run_end(user)) + clock_.period;
    copy.advance(horizon);
  }
}

bool PortCore::finished(UserIndex index, Picoseconds now) {
  advance(now);
  User& user = users_[index];
  if (user.run < user.runs.size() || user.next > now) return false;
  user.active = false;
  const Cycle late = clock_.edge(now - user.next);
  user.spent.stall[static_cast<std::size_t>(StallCause::noc)] += late;
  user.spent.detail[static_cast<std::size_t>(PortDetail::noc_arbitration)] += late;
  pace_network();
  return true;
}

}  // namespace loopsim
