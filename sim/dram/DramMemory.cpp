#include "sim/dram/DramMemory.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace loopsim {
namespace {

/// Before the channels are made from them.
const DramControllerSettings& checked(const DramControllerSettings& settings, const DramPart& part) {
  Diagnostics diagnostics;
  const auto expect = [&](bool good, const std::string& message) {
    if (!good) diagnostics.error({}, message);
  };
  expect(settings.queue_depth >= 1 && settings.queue_depth <= 65536, "expected a queue of 1 to 65536 requests");
  expect(settings.write_low_percent >= 0 && settings.write_low_percent < settings.write_high_percent &&
             settings.write_high_percent <= 100,
         "expected watermarks of writes with 0 <= low < high <= 100 percent");
  expect(settings.row_hit_cap >= 0, "expected a cap of row hits of at least 0");
  expect(settings.refresh != DramRefresh::per_bank || part.refreshes_banks(),
         fmt::format("{} has no refresh of single banks (tRFCpb)", part.name));
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  return settings;
}

}  // namespace

DramMemory::DramMemory(const DramPart& part, const DramControllerSettings& settings, const std::string& mapping,
                       std::int64_t channels)
    : part_(part), ranks_(checked(settings, part).ranks), map_(mapping, part.organisation, settings.ranks, channels) {
  channels_.reserve(static_cast<std::size_t>(channels));
  for (std::int64_t c = 0; c < channels; ++c) channels_.emplace_back(part_, settings);
}

bool DramMemory::offer(const DramRequest& request, DramCycles now, std::vector<DramCompletion>& done) {
  const DramLocation location = map_.locate(request.address);
  DramChannel& channel = channels_[location.channel];
  channel.advance(now - DramCycles(1), done);
  if (!channel.has_room(request.write, location.bank)) return false;
  channel.accept(request, location, now, done);
  return true;
}

std::int64_t DramMemory::offer_run(DramRequest request, std::int64_t bursts, DramCycles now,
                                   std::vector<DramCompletion>& done) {
  std::int64_t accepted = 0;
  while (accepted < bursts && offer(request, now, done)) {
    request.address += static_cast<std::uint64_t>(burst_bytes());
    ++accepted;
  }
  return accepted;
}

std::optional<DramCycles> DramMemory::next_event() {
  std::optional<DramCycles> next;
  for (DramChannel& channel : channels_) {
    const auto event = channel.next_event();
    if (event && (!next || *event < *next)) next = event;
  }
  return next;
}

void DramMemory::advance(DramCycles to, std::vector<DramCompletion>& done) {
  for (DramChannel& channel : channels_) channel.advance(to, done);
}

void DramMemory::record_commands(std::vector<std::vector<DramCommandRecord>>& records) {
  for (std::size_t c = 0; c < channels_.size(); ++c) channels_[c].record_commands(&records[c]);
}

bool DramMemory::idle() const {
  return std::all_of(channels_.begin(), channels_.end(), [](const DramChannel& channel) { return channel.idle(); });
}

DramStatistics DramMemory::statistics() const {
  DramStatistics sum;
  for (const DramChannel& channel : channels_) sum += channel.statistics();
  return sum;
}

std::optional<DramEnergy> DramMemory::energy() const {
  return dram_energy(part_, statistics(), ranks_ * static_cast<std::int64_t>(channels_.size()));
}

}  // namespace loopsim
