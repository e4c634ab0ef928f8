#include "sim/machine/PortCore.hpp"

#include <algorithm>

namespace loopsim {

ServerIndex PortCore::add_server(std::int64_t bits_per_second, StallCause cause) {
  servers_.push_back({bits_per_second, cause, false, {}, {}, 0});
  return servers_.size() - 1;
}

ServerIndex PortCore::add_bank(std::int64_t line_bits) {
  servers_.push_back({line_bits, StallCause::glb, true, {}, {}, 0});
  return servers_.size() - 1;
}

Picoseconds PortCore::service_time(const Server& server, std::int64_t bits) const {
  if (server.is_bank) return clock_.period * ((bits + server.bits_per_second - 1) / server.bits_per_second);
  return transfer_time(bits, server.bits_per_second);
}

UserIndex PortCore::add_user() {
  users_.emplace_back();
  return users_.size() - 1;
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

/// What a step takes if nobody else uses the banks.
Picoseconds PortCore::longest_at_a_bank(const TimedRun& run) const {
  Picoseconds longest = run.time;
  for (const Service& service : run.services) {
    if (servers_[service.server].is_bank) longest = std::max(longest, service.time);
  }
  return longest;
}

/// Runs the user's current run on: steps that begin before `until`.
void PortCore::advance_user(User& user, Picoseconds until) {
  const TimedRun& run = user.runs[user.run];
  // At full backlog-free pace a step takes as long as the slowest server needs for everybody's share.
  Picoseconds pace = run.time;
  const Server* slowest = nullptr;
  for (const Service& service : run.services) {
    const Picoseconds needed = clock_.round_up(total_service(service.server));
    if (needed > pace) {
      pace = needed;
      slowest = &servers_[service.server];
    }
  }
  while (user.left > 0 && user.next < until) {
    // A backlog of chunks delays the next step.
    Picoseconds end = user.next + pace;
    const Server* late = slowest;
    for (const Service& service : run.services) {
      const Server& server = servers_[service.server];
      const Picoseconds served = clock_.round_up(std::max(user.next, server.free_at) + total_service(service.server));
      if (served > end) {
        end = served;
        late = &server;
      }
    }
    std::int64_t steps = 1;
    if (end == user.next + pace) {
      const std::int64_t begun = (until.value - user.next.value + pace.value - 1) / pace.value;
      steps = std::min(user.left, begun);
    }
    const Picoseconds took = end - user.next;
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
    const Cycle own = clock_.edge(run.time);
    user.spent.compute += own * steps;
    if (took > run.time) {
      const Cycle waited = clock_.edge(took) - own;
      user.spent.stall[static_cast<std::size_t>(late->cause)] += waited * steps;
      if (late->is_bank) {
        const Cycle conflict = std::min(waited, clock_.edge(longest_at_a_bank(run)) - own);
        user.spent.bank_conflict += conflict * steps;
        user.spent.bank_arbitration += (waited - conflict) * steps;
      }
    }
    for (const Service& service : run.services) {
      servers_[service.server].busy += service.time * steps;
      servers_[service.server].moved += service.bits * steps;
    }
  }
}

void PortCore::enter_run(User& user) {
  while (user.run < user.runs.size() && user.left == 0) {
    ++user.run;
    if (user.run < user.runs.size()) user.left = user.runs[user.run].steps;
  }
}

void PortCore::advance(Picoseconds now) {
  const auto working = [](const User& user) { return user.active && user.run < user.runs.size(); };
  // Up to the next end of a run, where the shares of the servers change, and on from there.
  for (bool moved = true; moved;) {
    moved = false;
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
    }
  }
}

/// When the current run would end at the present pace.
Picoseconds PortCore::current_run_end(const User& user) const {
  const TimedRun& run = user.runs[user.run];
  Picoseconds pace = run.time;
  for (const Service& service : run.services) pace = std::max(pace, clock_.round_up(total_service(service.server)));
  return user.next + pace * std::max<std::int64_t>(user.left, 0);
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
  user.next = now;
  for (const Run& run : runs) {
    TimedRun timed;
    timed.steps = run.steps;
    timed.time = clock_.at(Cycle(run.cycles));
    for (const Demand& demand : run.demands) {
      if (demand.bits > 0) {
        timed.services.push_back({demand.server, service_time(servers_[demand.server], demand.bits), demand.bits});
      }
    }
    user.runs.push_back(std::move(timed));
  }
  if (!user.runs.empty()) user.left = user.runs.front().steps;
  enter_run(user);
}

Picoseconds PortCore::predicted_end(UserIndex index) const {
  PortCore copy = *this;
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
  return true;
}

}  // namespace loopsim
