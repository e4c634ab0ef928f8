#pragma once

#include "trace/sink/TraceFile.hpp"
#include "trace/timeline/ProtoBuffer.hpp"
#include "trace/timeline/TimelineWriter.hpp"

namespace loopsim {

/// Perfetto's protobuf: a stream of packets. Names are interned; times are nanoseconds, rounded down.
class PerfettoWriter : public TimelineWriter {
 public:
  explicit PerfettoWriter(const std::filesystem::path& folder);

  TimelineNameId add_name(std::string_view name) override;
  TrackId add_group(std::string_view name) override;
  TrackId add_track(std::string_view name, TrackId group) override;
  TrackId add_counter(std::string_view name, std::string_view unit, TrackId group) override;
  void slice(const TimelineSlice& slice) override;
  void counter(TrackId track, Picoseconds time, std::int64_t value) override;
  void mark(std::string_view text, Picoseconds time) override;
  std::int64_t size() const override { return file_.size(); }
  std::string_view file_name() const override { return file_.name(); }
  void finish() override { file_.finish(); }

 private:
  std::size_t begin_packet();
  std::size_t begin_packet(Picoseconds time);
  void end_packet(std::size_t begin);
  TrackId describe_track(std::string_view name, std::optional<TrackId> group, std::optional<std::string_view> unit);

  TraceFile file_;
  ProtoBuffer proto_;
  std::size_t tracks_ = 0;
  std::size_t names_ = 0;
  TrackId marks_;
};

}  // namespace loopsim
