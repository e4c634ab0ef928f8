#pragma once

#include <array>
#include <map>
#include <optional>

#include "sim/dram/DramClock.hpp"
#include "sim/machine/RunObserver.hpp"
#include "trace/Trace.hpp"
#include "trace/timeline/TimelineNames.hpp"
#include "trace/timeline/TimelineWriter.hpp"

namespace loopsim {

/// Main memory in a timeline: for each bank which row was open when, for each direction the bandwidth asked for.
class DramTracks {
 public:
  DramTracks(const ObservedRun& run, const TimelineNames& names, TimelineWriter& writer, const TraceLimits& limits);

  void request(const DramRequestRecord& request);
  void command(std::uint32_t channel, const DramCommandRecord& command);
  /// Writes what is open still.
  void finish(Picoseconds end);

 private:
  using Bank = std::pair<std::uint32_t, std::uint32_t>;  ///< channel, bank of it
  struct OpenRow {
    Picoseconds since;
    std::uint32_t row = 0;
    std::int64_t reads = 0;
    std::int64_t writes = 0;
  };
  /// Bytes accepted in an interval.
  struct Bandwidth {
    TrackId track;
    std::int64_t interval = -1;
    std::int64_t bytes = 0;
  };

  TrackId track_of(Bank bank);
  void close(Bank bank, Picoseconds until);
  void write_bandwidth(Bandwidth& bandwidth, std::int64_t next);

  const ObservedRun* run_;
  const TimelineNames* names_;
  TimelineWriter* writer_;
  TraceLimits limits_;
  DramClock clock_;
  DramGeometry geometry_;
  std::int64_t burst_bytes_;
  std::map<std::uint32_t, TrackId> groups_;  ///< by channel
  std::map<Bank, TrackId> tracks_;
  std::map<Bank, OpenRow> open_;
  std::array<Bandwidth, 2> bandwidth_;  ///< reads, writes
};

}  // namespace loopsim
