#pragma once

#include <array>

#include "trace/timeline/TimelineWriter.hpp"

namespace loopsim {

/// Bandwidth of main memory as two counters of a timeline, by the microsecond: bytes in it are MB/s.
class BandwidthCounters {
 public:
  explicit BandwidthCounters(TimelineWriter& writer);

  /// In order of time.
  void add(Picoseconds time, std::int64_t bytes, bool write);
  /// Writes what is not written yet.
  void finish();

 private:
  /// Bytes in the microsecond at hand.
  struct Bandwidth {
    TrackId track;
    std::int64_t interval = -1;
    std::int64_t bytes = 0;
  };
  void close(Bandwidth& bandwidth, std::int64_t next);

  TimelineWriter* writer_;
  std::array<Bandwidth, 2> bandwidth_;  ///< reads, writes
};

}  // namespace loopsim
