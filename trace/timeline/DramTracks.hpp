#pragma once

#include <map>
#include <optional>

#include "sim/dram/DramClock.hpp"
#include "sim/observe/RunObserver.hpp"
#include "trace/sink/Trace.hpp"
#include "trace/timeline/TimelineNames.hpp"
#include "trace/timeline/TimelineWriter.hpp"

namespace loopsim {

/// The banks of main memory in a timeline: which row was open when.
class DramTracks {
 public:
  DramTracks(const ObservedRun& run, const TimelineNames& names, TimelineWriter& writer, const TraceLimits& limits);

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

  TrackId track_of(Bank bank);
  void close(Bank bank, Picoseconds until);

  const ObservedRun* run_;
  const TimelineNames* names_;
  TimelineWriter* writer_;
  TraceLimits limits_;
  DramClock clock_;
  DramGeometry geometry_;
  std::map<std::uint32_t, TrackId> groups_;  ///< by channel
  std::map<Bank, TrackId> tracks_;
  std::map<Bank, OpenRow> open_;
};

}  // namespace loopsim
