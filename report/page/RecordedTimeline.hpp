#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/Quantity.hpp"

namespace loopsim {

/// A timeline in Chrome's format as a trace of a run has it (docs/traces.md).
struct RecordedTimeline {
  struct Slice {
    Picoseconds begin;
    Picoseconds end;
    std::size_t name = 0;  ///< of `names`
  };
  /// Slices of a track by begin; none overlap: those that lie within another are left out.
  struct Track {
    std::string group;
    std::string name;
    std::vector<Slice> slices;
  };
  struct Counter {
    std::string group;
    std::string name;
    std::string unit;
    std::vector<std::pair<Picoseconds, std::int64_t>> values;  ///< each holds until the next
  };

  std::vector<Track> tracks;  ///< in the file's order, but for empty ones
  std::vector<Counter> counters;
  std::vector<std::string> names;
  std::vector<std::string> marks;  ///< such as "cut: interrupted"
};

/// Reads the file without holding its text. Throws InputError.
RecordedTimeline read_timeline(const std::filesystem::path& path);

}  // namespace loopsim
