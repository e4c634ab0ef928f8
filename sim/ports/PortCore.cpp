#include "sim/ports/PortCore.hpp"

#include <algorithm>
#include <map>

#include "base/CheckedMath.hpp"

namespace loopsim {

PortCore::PortCore(Clock clock, ArrayNetwork* network)
    : clock_(clock),
      network_(network),
      bank_conflict_(add_wait(StallCause::glb, PortDetail::bank_conflict)),
      serialization_(add_wait(StallCause::noc, PortDetail::serialization)),
      network_rounding_(add_wait(StallCause::noc, PortDetail::rounding)) {
  for (const StallCause cause : {StallCause::dram, StallCause::glb, StallCause::noc}) {
    arbitration_[static_cast<std::size_t>(cause)] = add_wait(cause, PortDetail::arbitration);
  }
}

/// Known kinds keep their number; places differ in server and words.
WaitId PortCore::add_wait(StallCause cause, PortDetail detail, std::optional<PortWait::Place> place) {
  for (std::size_t i = 0; i < waits_.size(); ++i) {
    PortWait& known = waits_[WaitId(i)];
    if (known.cause != cause || known.detail != detail || known.place.has_value() != place.has_value()) continue;
    if (place && (known.place->server != place->server || !(known.place->words == place->words))) continue;
    if (place) known.place->bits = std::max(known.place->bits, place->bits);
    return WaitId(i);
  }
  return waits_.push_back({cause, detail, place});
}

ServerIndex PortCore::add_server(std::int64_t bits_per_second, StallCause cause) {
  Server server;
  server.bits_per_second = bits_per_second;
  server.cause = cause;
  servers_.push_back(server);
  return servers_.size() - 1;
}

ServerIndex PortCore::add_unit_server(std::int64_t unit_bits, StallCause cause) {
  const ServerIndex server = add_server(unit_bits, cause);
  servers_[server].in_units = true;
  return server;
}

Picoseconds PortCore::service_time(const Server& server, std::int64_t bits) const {
  if (server.in_units) return clock_.period * ceil_divide(bits, server.bits_per_second);
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

StepId PortCore::add_step(const Step& step) {
  TimedStep timed;
  timed.time = clock_.at(Cycle(step.cycles));
  timed.load = step.load;
  timed.least = Cycle(step.cycles);
  struct Sum {
    std::int64_t bits = 0;
    Demand largest;
  };
  std::map<ServerIndex, Sum> demands;
  for (const Demand& demand : step.demands) {
    Sum& sum = demands[demand.server];
    sum.bits = checked_add(sum.bits, demand.bits);
    if (demand.bits > sum.largest.bits) sum.largest = demand;
  }
  for (const auto& [index, sum] : demands) {
    if (sum.bits == 0) continue;
    Server& server = servers_[index];
    server.for_steps = true;
    latest_free_ = std::max(latest_free_, server.free_at);
    timed.services.push_back(make_service({index, sum.bits, sum.largest.words}));
    timed.least = std::max(timed.least, clock_.edge(timed.services.back().time));
  }
  alone_.emplace_back();
  return steps_.push_back(std::move(timed));
}

TimedStep::Service PortCore::make_service(const Demand& demand) {
  const Server& server = servers_[demand.server];
  TimedStep::Service service{demand.server, service_time(server, demand.bits), demand.bits, {}, {}};
  if (server.cause == StallCause::noc) {
    service.own = serialization_;
    service.rounding = network_rounding_;
  } else if (server.in_units) {
    service.own = service.rounding = bank_conflict_;
  } else {
    const PortWait::Place place{demand.server, demand.words, demand.bits};
    service.own = add_wait(server.cause, PortDetail::port, place);
    service.rounding = add_wait(server.cause, PortDetail::rounding, place);
  }
  return service;
}

std::shared_ptr<StepJob> PortCore::make_job(std::vector<StepSequence> sequences) const {
  return std::make_shared<StepJob>(std::move(sequences), steps_);
}

/// What a step takes if nobody else uses the banks, or the wires.
Picoseconds PortCore::longest_in_units(const TimedStep& step, StallCause cause) const {
  Picoseconds longest = step.time;
  for (const TimedStep::Service& service : step.services) {
    const Server& server = servers_[service.server];
    if (server.in_units && server.cause == cause) longest = std::max(longest, service.time);
  }
  return longest;
}

/// Of a step when there is no backlog of chunks: as the slowest server needs for everybody's share.
Picoseconds PortCore::port_pace(const TimedStep& step) const {
  Picoseconds pace = step.time;
  for (const TimedStep::Service& service : step.services) {
    pace = std::max(pace, clock_.round_up(servers_[service.server].shared));
  }
  return pace;
}

/// To be called whenever the steps at hand change.
void PortCore::pace_network() {
  if (network_ == nullptr) return;
  std::vector<ArrayNetwork::Share> shares;
  std::vector<User*> whose;
  std::size_t working = 0;
  for (User& user : users_) {
    user.network_pace = user.network_alone = Picoseconds();
    if (!user.working()) continue;
    ++working;
    const TimedStep& step = steps_[user.step()];
    if (step.load == LoadId()) continue;
    shares.push_back({step.load, clock_.edge(port_pace(step))});
    whose.push_back(&user);
  }
  if (working == 1 && whose.size() == 1) {
    User& user = *whose.front();
    user.network_pace = user.network_alone = alone(user.step()).network;
    return;
  }
  const std::vector<ArrayNetwork::Pace> paces = network_->paces(shares);
  for (std::size_t i = 0; i < whose.size(); ++i) {
    whose[i]->network_pace = clock_.at(paces[i].all);
    whose[i]->network_alone = clock_.at(paces[i].alone);
  }
}

void PortCore::add_waits(Waits& waits, const TimedStep& step, const Pace& pace, Picoseconds waited, std::int64_t steps,
                         Picoseconds network_alone) const {
  if (waited <= Picoseconds()) return;
  const auto cause = static_cast<std::size_t>(pace.slow);
  waits.by_cause[cause] += waited * steps;
  Picoseconds left = waited;
  const auto wait_for = [&](WaitId kind, Picoseconds until) {  // up to a pace of `until`
    const Picoseconds part = std::min(left, std::max(Picoseconds(), until - step.time - (waited - left)));
    waits.by_kind.add(kind, part * steps);
    left -= part;
  };
  const TimedStep::Service* const service = pace.service ? &step.services[*pace.service] : nullptr;
  if (service == nullptr || servers_[service->server].in_units) {
    const bool on_network = pace.slow == StallCause::noc;
    const Picoseconds own = std::max(longest_in_units(step, pace.slow), on_network ? network_alone : Picoseconds());
    wait_for(on_network ? serialization_ : bank_conflict_, own);
  } else {
    wait_for(service->own, service->time);
    wait_for(service->rounding, clock_.round_up(service->time));
  }
  waits.by_kind.add(arbitration_[cause], left * steps);
}

/// The whole cycles of a cause; what is beyond them is no longer in its kinds.
Cycle PortCore::take_fraction(Waits& waits, StallCause cause) const {
  const Picoseconds time = waits.by_cause[static_cast<std::size_t>(cause)];
  const Cycle whole(time.value / clock_.period.value);
  Picoseconds rest = time - clock_.at(whole);
  for (auto& [kind, part] : waits.by_kind) {
    if (waits_[kind].cause != cause) continue;
    const Picoseconds taken = std::min(rest, part);
    part -= taken;
    rest -= taken;
  }
  return whole;
}

/// The cycles of a sequence that has ended. Only the pace of a mesh lies between edges of the clock, so what is lost
/// until the next edge is its.
void PortCore::book(StepSpent& spent, const StepSequence& sequence, Cycle took, Waits waits) const {
  const Cycle own = clock_.edge(steps_[sequence.step].time) * sequence.steps;
  spent.compute += own;
  const auto noc = static_cast<std::size_t>(StallCause::noc);
  Cycle of_network = took - own;
  for (std::size_t cause = 0; cause < stall_causes; ++cause) {
    if (cause == noc) continue;
    const Cycle cycles = take_fraction(waits, static_cast<StallCause>(cause));
    spent.stall[cause] += cycles;
    of_network -= cycles;
  }
  spent.stall[noc] += of_network;
  waits.by_kind.add(network_rounding_, clock_.at(of_network) - waits.by_cause[noc]);
  spent.waits += waits.by_kind;
}

void PortCore::tell(const User& user, const StepTrain& train) {
  const auto index = static_cast<std::size_t>(&user - users_.data());
  if (index < sinks_.size() && sinks_[index] != nullptr) sinks_[index]->steps_taken(train);
}

/// Runs the user's current sequence on: steps that begin before `until`.
void PortCore::advance_user(User& user, Picoseconds until) {
  const TimedStep& step = steps_[user.step()];
  Pace usual{step.time};
  for (std::size_t s = 0; s < step.services.size(); ++s) {
    const Server& server = servers_[step.services[s].server];
    const Picoseconds needed = clock_.round_up(server.shared);
    if (needed > usual.time) usual = {needed, server.cause, s};
  }
  if (user.network_pace > usual.time) usual = {user.network_pace, StallCause::noc};
  while (user.left > 0 && user.next < until) {
    // A backlog of chunks delays the next step.
    Pace pace = usual;
    for (std::size_t s = 0; s < step.services.size(); ++s) {
      const Server& server = servers_[step.services[s].server];
      const Picoseconds took = clock_.round_up(std::max(user.next, server.free_at) + server.shared) - user.next;
      if (took > pace.time) pace = {took, server.cause, s};
    }
    std::int64_t steps = 1;
    if (pace.time == usual.time) {
      const std::int64_t begun = ceil_divide((until - user.next).value, pace.time.value);
      steps = std::min(user.left, begun);
    }
    if (!sinks_.empty()) tell(user, {user.next, pace.time, steps, step.load});
    user.step_start = user.next + pace.time * (steps - 1);
    user.served.clear();
    user.servers.clear();
    for (const TimedStep::Service& service : step.services) {
      const Server& server = servers_[service.server];
      user.servers.push_back(service.server);
      user.served.push_back(std::max(user.step_start, server.free_at) + server.shared);
    }
    user.next += pace.time * steps;
    user.left -= steps;
    add_waits(user.waits, step, pace, pace.time - step.time, steps, user.network_alone);
  }
}

void PortCore::share_servers(const User& user, int sign) {
  if (!user.working()) return;
  for (const TimedStep::Service& service : steps_[user.step()].services) {
    servers_[service.server].shared += service.time * sign;
  }
}

void PortCore::begin_sequence(User& user, std::size_t sequence) {
  share_servers(user, -1);
  user.sequence = sequence;
  share_servers(user, 1);
  if (user.working()) user.left = user.job->sequences()[sequence].steps;
}

void PortCore::end_sequences(User& user) {
  while (user.working() && user.left == 0) {
    const Picoseconds end = clock_.round_up(user.next);
    book(user.spent, user.job->sequences()[user.sequence], clock_.edge(end - user.begun), user.waits);
    user.waits = Waits();
    user.next = user.begun = end;
    begin_sequence(user, user.sequence + 1);
  }
}

void PortCore::advance(Picoseconds now) {
  // Up to the next end of a sequence, where the shares of the servers change, and on from there.
  for (bool moved = true; moved;) {
    moved = false;
    bool ended = false;
    Picoseconds until = now;
    User* alone = nullptr;
    std::size_t working = 0;
    for (User& user : users_) {
      if (!user.working()) continue;
      ++working;
      alone = &user;
    }
    if (working == 1 && sinks_.empty() && skip(*alone, now)) {
      moved = true;
      continue;
    }
    for (const User& user : users_) {
      if (user.working() && user.next < now) until = std::min(until, current_end(user));
    }
    for (User& user : users_) {
      if (!user.working() || user.left == 0 || user.next >= until) continue;
      advance_user(user, until);
      moved = true;
    }
    for (User& user : users_) {
      if (!user.working() || user.left > 0 || user.next > until) continue;
      end_sequences(user);
      moved = ended = true;
    }
    if (ended) pace_network();
  }
}

/// When the current sequence would end at the present pace.
Picoseconds PortCore::current_end(const User& user) const {
  const Picoseconds pace = std::max(port_pace(steps_[user.step()]), user.network_pace);
  return clock_.round_up(user.next + pace * user.left);
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
  server.moved = checked_add(server.moved, bits);
  if (server.for_steps) latest_free_ = std::max(latest_free_, server.free_at);
  return server.free_at;
}

void PortCore::start(UserIndex index, Picoseconds now, std::shared_ptr<StepJob> job) {
  advance(now);
  for (const StepJob::Served& served : job->served()) {
    servers_[served.server].busy += served.time;
    servers_[served.server].moved = checked_add(servers_[served.server].moved, served.bits);
  }
  for (const StepJob::Carried& carried : job->carried()) {
    if (steps_of_loads_.size() <= carried.load.value) steps_of_loads_.resize(carried.load.value + 1);
    steps_of_loads_[carried.load.value] += carried.steps;
  }
  User& user = users_[index];
  user = User();
  user.next = user.begun = now;
  user.job = std::move(job);
  user.active = true;
  share_servers(user, 1);
  if (user.working()) user.left = user.job->sequences().front().steps;
  end_sequences(user);
  pace_network();
}

Picoseconds PortCore::earliest_end(UserIndex index) const {
  const User& user = users_[index];
  if (!user.working()) return user.next;
  const Cycle current = steps_[user.step()].least * user.left;
  return clock_.round_up(user.next) + clock_.at(current + user.job->least_from(user.sequence + 1, steps_));
}

bool PortCore::finished(UserIndex index, Picoseconds now) {
  advance(now);
  User& user = users_[index];
  if (user.working() || user.next > now) return false;
  user.active = false;
  pace_network();
  return true;
}

}  // namespace loopsim
