#pragma once

#include <string>
#include <vector>

#include "trace/sink/TraceFile.hpp"
#include "trace/timeline/TimelineWriter.hpp"

namespace loopsim {

/// Chrome's trace event JSON. A group is a process, a track a thread; times are microseconds with six decimals.
class ChromeWriter : public TimelineWriter {
 public:
  explicit ChromeWriter(const std::filesystem::path& folder);

  TimelineNameId add_name(std::string_view name) override;
  TrackId add_group(std::string_view name) override;
  TrackId add_track(std::string_view name, TrackId group) override;
  TrackId add_counter(std::string_view name, std::string_view unit, TrackId group) override;
  void slice(const TimelineSlice& slice) override;
  void counter(TrackId track, Picoseconds time, std::int64_t value) override;
  void mark(std::string_view text, Picoseconds time) override;
  std::int64_t size() const override { return file_.size(); }
  std::string_view file_name() const override { return file_.name(); }
  void finish() override;

 private:
  struct Track {
    std::size_t process = 0;
    std::string name;  ///< of counters, as JSON
    std::string unit;
  };

  void begin_event();
  void end_event();
  TrackId add(Track track);

  TraceFile file_;
  std::string line_;
  std::vector<std::string> names_;  ///< as JSON
  IdVector<TrackId, Track> tracks_;
  bool first_ = true;
};

}  // namespace loopsim
