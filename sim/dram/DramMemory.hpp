#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/dram/DramAddressMap.hpp"
#include "sim/dram/DramChannel.hpp"

namespace loopsim {

/// All channels of one memory. They know nothing of each other, so the order in which they are advanced changes no
/// result but that of the completions' list. All times are in the memory's clock.
class DramMemory {
 public:
  /// Throws InputError if mapping, channels and part do not fit.
  DramMemory(const DramPart& part, const DramControllerSettings& settings, const std::string& mapping,
             std::int64_t channels);

  const DramPart& part() const { return part_; }
  std::int64_t ranks() const { return ranks_; }  ///< of a channel
  std::int64_t burst_bytes() const { return part_.organisation.burst_bytes(); }
  /// Of one bank.
  std::int64_t row_bytes() const { return part_.organisation.bursts_in_row() * burst_bytes(); }
  std::uint64_t capacity_bytes() const { return map_.capacity_bytes(); }
  std::uint32_t channel_of(std::uint64_t address) const { return map_.channel_of(address); }

  /// Offers a burst at `now`, not before earlier offers to its channel. Whether it was accepted; if not, there may be
  /// room in the cycle after the channel's next_event. Commands of the channel before `now` are sent.
  bool offer(const DramRequest& request, DramCycles now, std::vector<DramCompletion>& done);
  /// Offers consecutive bursts that begin at the request's address, all at `now` and with its tag; stops at the first
  /// that finds no room. How many were accepted.
  std::int64_t offer_run(DramRequest request, std::int64_t bursts, DramCycles now, std::vector<DramCompletion>& done);

  /// The earliest command that any channel will send, or nothing if no request waits.
  std::optional<DramCycles> next_event();
  std::optional<DramCycles> next_event(std::uint32_t channel) { return channels_[channel].next_event(); }
  /// Sends all commands up to and including `to`, channel by channel.
  void advance(DramCycles to, std::vector<DramCompletion>& done);
  void advance(std::uint32_t channel, DramCycles to, std::vector<DramCompletion>& done) {
    channels_[channel].advance(to, done);
  }
  bool idle() const;

  DramStatistics statistics() const;
  std::optional<DramEnergy> energy() const;
  /// Every command of channel c is appended to records[c] from now on; there is a list for each channel.
  void record_commands(std::vector<std::vector<DramCommandRecord>>& records);
  const std::vector<DramChannel>& channels() const { return channels_; }

 private:
  DramPart part_;
  std::int64_t ranks_;
  DramAddressMap map_;
  std::vector<DramChannel> channels_;
};

}  // namespace loopsim
