#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck/gtest.h>

#include "tests/sim/dram/DramTraffic.hpp"
#include "tests/sim/dram/NaiveDramChecker.hpp"

namespace loopsim {
namespace {

struct RandomCase {
  DramPart part;
  DramControllerSettings controller;
  std::string mapping;
  std::int64_t channels;
  std::vector<DramTraceLine> lines;  ///< in order of offering
};

RandomCase random_case(int most_requests) {
  RandomCase c;
  const auto& parts = shipped_dram_parts();
  c.part = load_dram_part(std::string(parts[*rc::gen::inRange<std::size_t>(0, parts.size())].name));
  c.controller.scheduler = *rc::gen::element(DramScheduler::frfcfs, DramScheduler::frfcfs, DramScheduler::fcfs);
  c.controller.page = *rc::gen::element(DramPage::open, DramPage::closed);
  c.controller.refresh = c.part.refreshes_banks()
                             ? *rc::gen::element(DramRefresh::all_banks, DramRefresh::per_bank, DramRefresh::off)
                             : *rc::gen::element(DramRefresh::all_banks, DramRefresh::off);
  c.controller.queueing = *rc::gen::element(DramQueueing::shared, DramQueueing::per_bank);
  c.controller.ranks = *rc::gen::element<std::int64_t>(1, 1, 2, 4);
  c.controller.queue_depth = *rc::gen::inRange<std::int64_t>(1, 40);
  c.controller.row_hit_cap = *rc::gen::element<std::int64_t>(0, 0, 1, 4);
  c.controller.write_high_percent = *rc::gen::inRange<std::int64_t>(50, 101);
  c.controller.write_low_percent = *rc::gen::inRange<std::int64_t>(0, 50);
  c.channels = *rc::gen::element<std::int64_t>(1, 2);
  c.mapping =
      *rc::gen::element<std::string>("row:bank:bankgroup:column", "row:column:bank:bankgroup",
                                     "row:rank:column:bankgroup:bank:channel", "column:row:rank:bank:bankgroup");
  // Few different places, so that requests meet.
  const int rows = *rc::gen::inRange(1, 20);
  const int spread = *rc::gen::element(1, 64, 4096, 131072, 1 << 22);
  const int pause = *rc::gen::element(0, 0, 5, 100, 3000);
  const int count = *rc::gen::inRange(1, most_requests);
  DramCycles now;
  for (int i = 0; i < count; ++i) {
    now += DramCycles(*rc::gen::inRange(0, 2 * pause + 1));
    const auto place = static_cast<std::uint64_t>(*rc::gen::inRange(0, 64)) * 64;
    const auto row = static_cast<std::uint64_t>(*rc::gen::inRange(0, rows)) * 64 * static_cast<std::uint64_t>(spread);
    c.lines.push_back({place + row, *rc::gen::inRange(0, 3) == 0, now});
  }
  return c;
}

/// Completions by tag; the commands of every channel.
struct Played {
  std::map<std::uint64_t, DramCompletion> completions;
  DramStatistics statistics;
};

Played play(const RandomCase& c, bool last_channel_first) {
  DramMemory memory(c.part, c.controller, c.mapping, c.channels);
  Played played;
  std::vector<DramCompletion> done;
  DramCycles now(-1);
  const auto advance_all = [&](DramCycles to) {
    for (std::int64_t i = 0; i < c.channels; ++i) {
      memory.advance(static_cast<std::uint32_t>(last_channel_first ? c.channels - 1 - i : i), to, done);
    }
  };
  for (std::size_t i = 0; i < c.lines.size(); ++i) {
    now = std::max(now + DramCycles(1), c.lines[i].offered);
    while (!memory.offer({c.lines[i].address, c.lines[i].write, i}, now, done)) {
      advance_all(now);
      now += DramCycles(1);
    }
    if (last_channel_first) advance_all(now - DramCycles(1));
  }
  while (const auto next = memory.next_event()) advance_all(*next);
  for (const DramCompletion& completion : done) {
    RC_ASSERT(played.completions.emplace(completion.tag, completion).second);
  }
  played.statistics = memory.statistics();
  return played;
}

RC_GTEST_PROP(DramProperty, EveryRequestCompletesAndItsLatencyHasCauses, ()) {
  const RandomCase c = random_case(300);
  const Played played = play(c, false);
  RC_ASSERT(played.completions.size() == c.lines.size());
  const DramStatistics& s = played.statistics;
  RC_ASSERT(s.requests() == static_cast<std::int64_t>(c.lines.size()));
  RC_ASSERT(s.row_hits + s.row_misses + s.row_conflicts + s.forwarded_reads == s.requests());
  DramLatency sum;
  for (const auto& [tag, completion] : played.completions) {
    RC_ASSERT(completion.latency.total() == completion.done - completion.accepted);
    for (const DramCycles part : completion.latency.cycles) RC_ASSERT(part >= DramCycles(0));
    RC_ASSERT(completion.accepted >= c.lines[tag].offered);
    if (c.controller.refresh == DramRefresh::off) {
      RC_ASSERT(completion.latency[DramCause::refresh] == DramCycles(0));
    }
    sum += completion.latency;
  }
  RC_ASSERT(sum.total() == s.read_latency.total() + s.write_latency.total());
  RC_ASSERT(s.precharges <= s.count(JedecCommand::activate));
  RC_ASSERT(s.precharges >= s.count(JedecCommand::precharge) + s.count(JedecCommand::precharge_all) +
                                s.count(JedecCommand::read_auto) + s.count(JedecCommand::write_auto));
}

RC_GTEST_PROP(DramProperty, OrderOfChannelsDoesNotMatter, ()) {
  const RandomCase c = random_case(200);
  const Played one = play(c, false);
  const Played other = play(c, true);
  RC_ASSERT(one.completions.size() == other.completions.size());
  for (const auto& [tag, completion] : one.completions) {
    const DramCompletion& same = other.completions.at(tag);
    RC_ASSERT(completion.accepted == same.accepted);
    RC_ASSERT(completion.done == same.done);
    RC_ASSERT(completion.latency.cycles == same.latency.cycles);
  }
  RC_ASSERT(one.statistics.commands == other.statistics.commands);
}

/// Rows that were opened and closed again without a burst.
int rows_closed_unused(const std::vector<DramCommandRecord>& commands) {
  int unused = 0;
  std::map<DramBankId, bool> used;  ///< of the rows that are open
  for (const DramCommandRecord& command : commands) {
    if (command.command == JedecCommand::activate) used[command.bank] = false;
    if (is_column(command.command)) used.at(command.bank) = true;
    if (command.command == JedecCommand::precharge && !used.at(command.bank)) ++unused;
  }
  return unused;
}

RC_GTEST_PROP(DramProperty, CommandsKeepTheTable, ()) {
  const RandomCase c = random_case(300);
  const DramAddressMap map(c.mapping, c.part.organisation, c.controller.ranks, 1);
  DramChannel channel(c.part, c.controller);
  std::vector<DramCommandRecord> commands;
  channel.record_commands(&commands);
  std::vector<DramCompletion> done;
  DramCycles now(-1);
  for (std::size_t i = 0; i < c.lines.size(); ++i) {
    const DramLocation location = map.locate(c.lines[i].address);
    now = std::max(now + DramCycles(1), c.lines[i].offered);
    channel.advance(now - DramCycles(1), done);
    while (!channel.has_room(c.lines[i].write, location.bank)) {
      now = std::max(now, *channel.next_event()) + DramCycles(1);
      channel.advance(now - DramCycles(1), done);
    }
    channel.accept({c.lines[i].address, c.lines[i].write, i}, location, now, done);
  }
  while (const auto next = channel.next_event()) channel.advance(*next, done);
  const std::string fault = fault_of(commands, c.part, DramGeometry(c.part.organisation, c.controller.ranks));
  RC_ASSERT(fault == "");
  if (c.controller.refresh == DramRefresh::off) RC_ASSERT(rows_closed_unused(commands) == 0);
  // Requests for the same burst keep their order, but reads among themselves.
  std::map<std::uint64_t, DramCompletion> by_tag;
  for (const DramCompletion& completion : done) by_tag[completion.tag] = completion;
  for (std::size_t i = 0; i < c.lines.size(); ++i) {
    for (std::size_t j = i + 1; j < c.lines.size(); ++j) {
      const auto burst = static_cast<std::uint64_t>(c.part.organisation.burst_bytes());
      if (c.lines[i].address / burst != c.lines[j].address / burst || !c.lines[j].write) continue;
      RC_ASSERT(by_tag[i].done < by_tag[j].done);
    }
  }
}

}  // namespace
}  // namespace loopsim
