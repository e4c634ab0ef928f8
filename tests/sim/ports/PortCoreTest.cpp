#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/sim/ports/PortCoreTesting.hpp"

namespace loopsim {
namespace {

TEST(PortCore, StepsWithoutTrafficGoAtTheirOwnPace) {
  PortCore core(test_clock);
  const UserIndex user = core.add_user();
  start(core, user, cycles(5), {run_of(10, 3, {})});
  EXPECT_EQ(end_of(core, user), cycles(35));
  EXPECT_FALSE(core.finished(user, cycles(34)));
  EXPECT_TRUE(core.finished(user, cycles(35)));
  EXPECT_EQ(core.spent(user).compute, Cycle(30));
  EXPECT_EQ(spent_in_all(core, user), 30);
}

TEST(PortCore, NoStepsEndAtOnce) {
  PortCore core(test_clock);
  const UserIndex user = core.add_user();
  start(core, user, cycles(4), {run_of(0, 1, {})});
  EXPECT_EQ(end_of(core, user), cycles(4));
  EXPECT_TRUE(core.finished(user, cycles(4)));
}

TEST(PortCore, APortThatIsFastEnoughCostsNothing) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(8), StallCause::glb);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(10, 1, {{port, 8}})});
  EXPECT_EQ(end_of(core, user), cycles(10));
  EXPECT_TRUE(core.finished(user, cycles(10)));
  EXPECT_EQ(stalled(core, user, StallCause::glb), 0);
  EXPECT_EQ(core.busy(port), cycles(10));
}

TEST(PortCore, ASlowPortSetsThePaceInWholeCycles) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(8), StallCause::dram);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(10, 1, {{port, 20}})});  // 2.5 cycles, so 3
  EXPECT_EQ(end_of(core, user), cycles(30));
  EXPECT_TRUE(core.finished(user, cycles(30)));
  EXPECT_EQ(core.spent(user).compute, Cycle(10));
  EXPECT_EQ(stalled(core, user, StallCause::dram), 20);
  EXPECT_EQ(core.busy(port), cycles(25));
  EXPECT_EQ(waited(core, user, StallCause::dram, PortDetail::port), Cycle(15));
  EXPECT_EQ(waited(core, user, StallCause::dram, PortDetail::rounding), Cycle(5));
  EXPECT_TRUE(waits_sum_to_stalls(core, user));
}

TEST(PortCore, TheSlowestOfSeveralPortsIsBlamed) {
  PortCore core(test_clock);
  const ServerIndex read = core.add_server(rate(8), StallCause::glb);
  const ServerIndex bus = core.add_server(rate(2), StallCause::noc);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(5, 1, {{read, 16}, {bus, 8}})});
  EXPECT_TRUE(core.finished(user, cycles(20)));
  EXPECT_EQ(stalled(core, user, StallCause::noc), 15);
  EXPECT_EQ(stalled(core, user, StallCause::glb), 0);
}

TEST(PortCore, RunsFollowEachOther) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(8), StallCause::glb);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0),
        {run_of(4, 1, {{port, 8}}), run_of(0, 9, {}), run_of(3, 1, {{port, 32}}), run_of(2, 5, {})});
  EXPECT_EQ(end_of(core, user), cycles(4 + 12 + 10));
  EXPECT_TRUE(core.finished(user, cycles(26)));
  EXPECT_EQ(core.spent(user).compute, Cycle(4 + 3 + 10));
  EXPECT_EQ(stalled(core, user, StallCause::glb), 9);
}

TEST(PortCore, ChunksWaitForEachOther) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(8), StallCause::dram);
  EXPECT_EQ(core.reserve(cycles(2), port, 80), cycles(12));
  EXPECT_EQ(core.reserve(cycles(3), port, 8), cycles(13));
  EXPECT_EQ(core.reserve(cycles(20), port, 8, cycles(4)), cycles(25));
  EXPECT_EQ(core.free_at(port), cycles(25));
  EXPECT_EQ(core.busy(port), cycles(10 + 1 + 5));
}

/// A chunk of ten cycles comes as the fourth step is about to begin.
TEST(PortCore, AChunkInTheWayDelaysByItsLength) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(8), StallCause::glb);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(10, 1, {{port, 8}})});
  EXPECT_EQ(core.reserve(cycles(3), port, 80), cycles(13));
  EXPECT_EQ(end_of(core, user), cycles(20));
  EXPECT_FALSE(core.finished(user, cycles(19)));
  EXPECT_TRUE(core.finished(user, cycles(20)));
  EXPECT_EQ(core.spent(user).compute, Cycle(10));
  EXPECT_EQ(stalled(core, user, StallCause::glb), 10);
}

TEST(PortCore, AChunkBetweenTwoStepsDelaysNothing) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(8), StallCause::glb);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(4, 10, {{port, 8}})});
  EXPECT_EQ(core.reserve(cycles(2), port, 24), cycles(5));
  EXPECT_EQ(end_of(core, user), cycles(40));
  EXPECT_EQ(core.reserve(cycles(12), port, 8 * 14), cycles(26));  // the third step starts at 20, served until 27
  EXPECT_EQ(end_of(core, user), cycles(40));
  EXPECT_EQ(core.reserve(cycles(32), port, 8 * 30), cycles(62));  // the last one has begun
  EXPECT_TRUE(core.finished(user, cycles(40)));
  EXPECT_EQ(stalled(core, user, StallCause::glb), 0);
}

TEST(PortCore, AStepInProgressHasThePortFirst) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(1), StallCause::glb);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(3, 1, {{port, 8}})});
  EXPECT_EQ(core.reserve(cycles(2), port, 4), cycles(12));
  EXPECT_TRUE(core.finished(user, cycles(28)));
}

TEST(PortCore, AChunkOnAnotherPortIsNotInTheWay) {
  PortCore core(test_clock);
  const ServerIndex mine = core.add_server(rate(8), StallCause::glb);
  const ServerIndex other = core.add_server(rate(8), StallCause::glb);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(10, 1, {{mine, 8}})});
  core.reserve(cycles(3), other, 800);
  EXPECT_TRUE(core.finished(user, cycles(10)));
}

TEST(PortCore, TwoArraysShareAPort) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(8), StallCause::glb);
  const UserIndex first = core.add_user();
  const UserIndex second = core.add_user();
  start(core, first, cycles(0), {run_of(5, 1, {{port, 8}})});
  start(core, second, cycles(0), {run_of(10, 1, {{port, 8}})});
  EXPECT_EQ(end_of(core, first), cycles(10));
  EXPECT_TRUE(core.finished(first, cycles(10)));
  EXPECT_EQ(end_of(core, second), cycles(15));  // alone from 10 on
  EXPECT_TRUE(core.finished(second, cycles(15)));
  EXPECT_EQ(core.busy(port), cycles(15));
}

TEST(PortCore, TwoArraysThatUseHalfAPortEachDoNotMeet) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(16), StallCause::glb);
  const UserIndex first = core.add_user();
  const UserIndex second = core.add_user();
  start(core, first, cycles(0), {run_of(6, 1, {{port, 8}})});
  start(core, second, cycles(0), {run_of(6, 1, {{port, 8}})});
  EXPECT_TRUE(core.finished(first, cycles(6)));
  EXPECT_TRUE(core.finished(second, cycles(6)));
}

/// Arrays and chunks at random: what happens from one chunk to the next.
struct Scenario {
  PortCore core{test_clock};
  std::vector<ServerIndex> servers;
  std::vector<UserIndex> users;
  std::vector<std::int64_t> own;     ///< cycles of each array's runs
  std::vector<Picoseconds> serving;  ///< by server: all that it was asked for
};

Picoseconds service(std::int64_t bits, std::int64_t bits_per_cycle) {
  return transfer_time(bits, rate(bits_per_cycle));
}

Scenario any_scenario() {
  Scenario s;
  const auto any = [](std::int64_t low, std::int64_t high) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
  };
  std::vector<std::int64_t> widths;
  for (std::int64_t n = any(1, 3); n > 0; --n) {
    widths.push_back(any(1, 16));
    s.servers.push_back(s.core.add_server(rate(widths.back()), StallCause::glb));
    s.serving.emplace_back();
  }
  for (std::int64_t n = any(1, 3); n > 0; --n) {
    s.users.push_back(s.core.add_user());
    s.own.push_back(0);
    std::vector<Run> runs;
    for (std::int64_t r = any(1, 3); r > 0; --r) {
      Run run;
      run.steps = any(0, 20);
      run.cycles = any(1, 4);
      for (std::size_t port = 0; port < s.servers.size(); ++port) {
        if (any(0, 1) == 0) continue;
        run.demands.push_back({s.servers[port], any(1, 40)});
        s.serving[port] += service(run.demands.back().bits, widths[port]) * run.steps;
      }
      s.own.back() += run.steps * run.cycles;
      runs.push_back(std::move(run));
    }
    start(s.core, s.users.back(), cycles(0), runs);
  }
  Picoseconds now;
  for (std::int64_t n = any(0, 8); n > 0; --n) {
    now += Picoseconds(any(0, 12'000));
    const auto port = static_cast<std::size_t>(any(0, static_cast<std::int64_t>(s.servers.size()) - 1));
    const std::int64_t bits = any(1, 100);
    s.serving[port] += service(bits, widths[port]);
    std::vector<Picoseconds> before;
    for (UserIndex user : s.users) before.push_back(end_of(s.core, user));
    const Picoseconds end = s.core.reserve(now, s.servers[port], bits);
    RC_ASSERT(end >= now + service(bits, widths[port]));
    // A chunk delays an array that is alone, if at all, by what it takes of the port and a step's rounding. Beside
    // others an array may gain, when a neighbour is late with its heavier steps.
    if (s.users.size() == 1) {
      const Picoseconds after = end_of(s.core, s.users.front());
      RC_ASSERT(after.value >= before.front().value);
      RC_ASSERT(after.value <= (before.front() + service(bits, widths[port]) + test_clock.period).value);
    }
  }
  return s;
}

RC_GTEST_PROP(PortCoreProperty, PredictionsComeTrue, ()) {
  Scenario s = any_scenario();
  std::vector<std::pair<Picoseconds, std::size_t>> ends;
  for (std::size_t u = 0; u < s.users.size(); ++u) ends.emplace_back(end_of(s.core, s.users[u]), u);
  std::sort(ends.begin(), ends.end());
  for (const auto& [end, u] : ends) {
    RC_ASSERT(end == test_clock.round_up(end));
    RC_ASSERT(end_of(s.core, s.users[u]) == end);
    PortCore copy = s.core;
    RC_ASSERT((end == Picoseconds() || !copy.finished(s.users[u], end - Picoseconds(1))));
    RC_ASSERT(s.core.finished(s.users[u], end));
    // From the start at 0 every cycle is its own pace or a wait.
    RC_ASSERT(s.core.spent(s.users[u]).compute.value == s.own[u]);
    RC_ASSERT(cycles(spent_in_all(s.core, s.users[u])) == end);
  }
  for (std::size_t port = 0; port < s.servers.size(); ++port)
    RC_ASSERT(s.core.busy(s.servers[port]) == s.serving[port]);
}

/// Asking in between changes nothing.
RC_GTEST_PROP(PortCoreProperty, HowOftenOneAsksDoesNotMatter, ()) {
  Scenario s = any_scenario();
  PortCore asked = s.core;
  std::vector<Picoseconds> ends;
  for (UserIndex user : s.users) ends.push_back(end_of(s.core, user));
  const Picoseconds last = *std::max_element(ends.begin(), ends.end());
  std::vector<bool> done(s.users.size());
  for (Picoseconds now; now <= last; now += test_clock.period) {
    for (std::size_t u = 0; u < s.users.size(); ++u) {
      if (done[u] || !asked.finished(s.users[u], now)) continue;
      done[u] = true;
      RC_ASSERT(now >= ends[u]);
      RC_ASSERT((now - ends[u] < test_clock.period || now == ends[u]));
    }
  }
  for (bool one : done) RC_ASSERT(one);
}

/// An array that is alone goes over many sequences of steps at once. Beside one that uses nothing it does not.
RC_GTEST_PROP(PortCoreProperty, SkippingSequencesChangesNothing, ()) {
  const auto any = [](std::int64_t low, std::int64_t high) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
  };
  PortCore alone(test_clock);
  PortCore beside(test_clock);
  std::vector<ServerIndex> servers;
  for (std::int64_t n = any(1, 3); n > 0; --n) {
    const std::int64_t width = any(1, 16);
    const bool bank = any(0, 1) == 0;
    const StallCause cause = any(0, 1) == 0 ? StallCause::glb : StallCause::noc;
    for (PortCore* core : {&alone, &beside}) {
      servers.push_back(bank ? core->add_unit_server(width, cause) : core->add_server(rate(width), cause));
    }
    servers.pop_back();
  }
  std::vector<Run> kinds;
  for (std::int64_t n = any(1, 4); n > 0; --n) {
    Run kind{1, any(1, 4), {}};
    for (const ServerIndex server : servers) kind.demands.push_back({server, any(0, 40)});
    kinds.push_back(kind);
  }
  std::vector<Run> runs;
  for (std::int64_t n = any(1, 400); n > 0; --n) {
    runs.push_back(kinds[static_cast<std::size_t>(any(0, static_cast<std::int64_t>(kinds.size()) - 1))]);
    runs.back().steps = any(0, 5);
  }
  const UserIndex user = alone.add_user();
  RC_ASSERT(beside.add_user() == user);
  const UserIndex other = beside.add_user();
  start(alone, user, cycles(0), runs);
  start(beside, user, cycles(0), runs);
  start(beside, other, cycles(0), {run_of(1'000'000'000, 1, {})});
  Picoseconds now;
  for (std::int64_t n = any(0, 6); n > 0; --n) {
    now += Picoseconds(any(0, 200'000));
    const ServerIndex server = servers[static_cast<std::size_t>(any(0, static_cast<std::int64_t>(servers.size()) - 1))];
    const std::int64_t bits = any(1, 300);
    RC_ASSERT(alone.reserve(now, server, bits) == beside.reserve(now, server, bits));
  }
  const Picoseconds end = end_of(alone, user);
  RC_ASSERT(end == end_of(beside, user));
  RC_ASSERT(alone.earliest_end(user) <= end);
  now = std::max(now, end);
  RC_ASSERT(alone.finished(user, now));
  RC_ASSERT(beside.finished(user, now));
  RC_ASSERT(alone.spent(user).compute == beside.spent(user).compute);
  for (std::size_t i = 0; i < stall_causes; ++i) RC_ASSERT(alone.spent(user).stall[i] == beside.spent(user).stall[i]);
  RC_ASSERT(waits_sum_to_stalls(alone, user));
  RC_ASSERT(waits_sum_to_stalls(beside, user));
  for (const auto& [id, time] : alone.spent(user).waits) {
    Picoseconds other_time;
    for (const auto& [other_id, t] : beside.spent(user).waits) other_time += other_id == id ? t : Picoseconds();
    RC_ASSERT(time == other_time);
  }
  for (const ServerIndex server : servers) RC_ASSERT(alone.busy(server) == beside.busy(server));
}

struct StepList : StepTrainSink {
  std::vector<StepTrain> trains;
  void steps_taken(const StepTrain& train) override { trains.push_back(train); }
};

TEST(PortCore, TellsOfEveryStepOnceAndWhenItBegins) {
  PortCore core(Clock(1'000'000'000));
  const ServerIndex port = core.add_server(8'000'000'000, StallCause::glb);  // 8 bits a cycle
  const UserIndex user = core.add_user();
  StepList list;
  core.watch(user, list);
  start(core, user, Picoseconds(2'000), {run_of(10, 1, {{port, 16}}), run_of(5, 3, {})});
  core.earliest_end(user);
  EXPECT_TRUE(list.trains.empty());  // a look ahead is none
  core.reserve(Picoseconds(7'000), port, 80);
  while (!core.finished(user, core.earliest_end(user))) continue;
  std::int64_t steps = 0;
  Picoseconds next(2'000);
  for (const StepTrain& train : list.trains) {
    EXPECT_EQ(train.begin, next);
    next = train.begin + train.interval * train.steps;
    steps += train.steps;
  }
  EXPECT_EQ(steps, 15);
  // 10 steps of 2 cycles, the chunk of 10, 5 steps of 3.
  EXPECT_EQ(next, Picoseconds(2'000 + 20'000 + 10'000 + 15'000));
}

TEST(PortCore, StepsAtEqualDistancesAreOneTrain) {
  const StepTrain three{Picoseconds(100), Picoseconds(10), 3, LoadId(1)};
  const auto continued = [&](std::int64_t begin, std::int64_t interval, std::int64_t steps, std::size_t load) {
    return three.continues_with({Picoseconds(begin), Picoseconds(interval), steps, LoadId(load)});
  };
  EXPECT_TRUE(continued(130, 10, 2, 1));
  EXPECT_TRUE(continued(130, 70, 1, 1));  // how long the last one takes does not matter
  EXPECT_FALSE(continued(130, 20, 2, 1));
  EXPECT_FALSE(continued(140, 10, 2, 1));
  EXPECT_FALSE(continued(130, 10, 2, 2));
}

}  // namespace
}  // namespace loopsim
