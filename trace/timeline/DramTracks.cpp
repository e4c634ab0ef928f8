#include "trace/timeline/DramTracks.hpp"

#include <fmt/format.h>

namespace loopsim {

DramTracks::DramTracks(const ObservedRun& run, const TimelineNames& names, TimelineWriter& writer,
                       const TraceLimits& limits)
    : run_(&run),
      names_(&names),
      writer_(&writer),
      limits_(limits),
      clock_(run.dram->memory->part().clock_hz),
      geometry_(run.dram->memory->part().organisation, run.dram->memory->ranks()) {}

TrackId DramTracks::track_of(Bank bank) {
  const auto found = tracks_.find(bank);
  if (found != tracks_.end()) return found->second;
  auto group = groups_.find(bank.first);
  if (group == groups_.end()) {
    group = groups_.emplace(bank.first, writer_->add_group(fmt::format("DRAM channel {}", bank.first))).first;
  }
  const DramBankId id(bank.second);
  const std::uint32_t group_in_rank = geometry_.group_of(id).value % geometry_.groups_in_rank;
  const TrackId track = writer_->add_track(fmt::format("rank {} group {} bank {}", geometry_.rank_of(id).value,
                                                       group_in_rank, id.value % geometry_.banks_in_group),
                                           group->second);
  tracks_.emplace(bank, track);
  return track;
}

void DramTracks::close(Bank bank, Picoseconds until) {
  const auto found = open_.find(bank);
  if (found == open_.end()) return;
  const OpenRow row = found->second;
  open_.erase(found);
  if (!limits_.meets(run_->clock.edge(row.since), run_->clock.edge(until))) return;
  TimelineSlice slice{track_of(bank), names_->row, row.since, until, {}, {}};
  slice.arguments = {{names_->row, row.row, {}}, {names_->reads, row.reads, {}}, {names_->writes, row.writes, {}}};
  writer_->slice(slice);
}

void DramTracks::command(std::uint32_t channel, const DramCommandRecord& command) {
  const Picoseconds time = clock_.begin(command.time);
  const Bank bank{channel, command.bank.value};
  switch (command.command) {
    case JedecCommand::activate:
      open_[bank] = {time, command.row, 0, 0};
      break;
    case JedecCommand::precharge:
      close(bank, time);
      break;
    case JedecCommand::precharge_all: {
      const std::uint32_t first = geometry_.first_bank(geometry_.rank_of(command.bank)).value;
      for (std::uint32_t b = first; b < first + geometry_.banks_in_rank(); ++b) close({channel, b}, time);
      break;
    }
    case JedecCommand::read:
      ++open_[bank].reads;
      break;
    case JedecCommand::write:
      ++open_[bank].writes;
      break;
    case JedecCommand::read_auto:
      ++open_[bank].reads;
      close(bank, time);
      break;
    case JedecCommand::write_auto:
      ++open_[bank].writes;
      close(bank, time);
      break;
    case JedecCommand::refresh:
    case JedecCommand::refresh_bank:
      break;
  }
}

void DramTracks::finish(Picoseconds end) {
  while (!open_.empty()) close(open_.begin()->first, std::max(end, open_.begin()->second.since));
}

}  // namespace loopsim
