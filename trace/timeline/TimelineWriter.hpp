#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/Ids.hpp"
#include "base/Quantity.hpp"

namespace loopsim {

using TrackId = Id<struct TrackKind>;
/// A text that occurs often: the name of a slice or of an argument.
using TimelineNameId = Id<struct TimelineNameKind>;

struct TimelineArgument {
  TimelineNameId name;
  std::int64_t number = 0;
  std::string_view text;  ///< in place of the number, unless empty
};

/// A slice's part in an arrow that leads through slices in order of time.
struct TimelineFlow {
  std::uint64_t id = 0;
  bool begins = false;
};

/// Something that lasts.
struct TimelineSlice {
  TrackId track;
  TimelineNameId name;
  Picoseconds begin;
  Picoseconds end;
  std::vector<TimelineArgument> arguments;
  std::vector<TimelineFlow> flows;
};

/// A file format for timelines: tracks in groups, slices on them, counters. Slices of a track must nest.
class TimelineWriter {
 public:
  virtual ~TimelineWriter() = default;
  virtual TimelineNameId add_name(std::string_view name) = 0;
  virtual TrackId add_group(std::string_view name) = 0;
  virtual TrackId add_track(std::string_view name, TrackId group) = 0;
  virtual TrackId add_counter(std::string_view name, std::string_view unit, TrackId group) = 0;
  virtual void slice(const TimelineSlice& slice) = 0;
  virtual void counter(TrackId track, Picoseconds time, std::int64_t value) = 0;
  /// Something that happens at a moment and concerns everything.
  virtual void mark(std::string_view text, Picoseconds time) = 0;
  virtual std::int64_t size() const = 0;
  virtual std::string_view file_name() const = 0;
  virtual void finish() = 0;
};

}  // namespace loopsim
