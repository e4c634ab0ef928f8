#include "trace/timeline/PerfettoWriter.hpp"

namespace loopsim {

namespace {

// Field numbers of google/perfetto, protos/perfetto/trace.
constexpr std::uint32_t trace_packet = 1;
namespace packet {
constexpr std::uint32_t timestamp = 8;
constexpr std::uint32_t sequence_id = 10;
constexpr std::uint32_t track_event = 11;
constexpr std::uint32_t interned_data = 12;
constexpr std::uint32_t sequence_flags = 13;
constexpr std::uint32_t track_descriptor = 60;
}  // namespace packet
namespace event {
constexpr std::uint32_t annotations = 4;
constexpr std::uint32_t type = 9;
constexpr std::uint32_t name_id = 10;
constexpr std::uint32_t track = 11;
constexpr std::uint32_t name = 23;
constexpr std::uint32_t counter_value = 30;
constexpr std::uint32_t flows = 47;
enum Type : std::uint32_t { begin = 1, end = 2, instant = 3, counter = 4 };
}  // namespace event
namespace annotation {
constexpr std::uint32_t name_id = 1;
constexpr std::uint32_t integer = 4;
constexpr std::uint32_t text = 6;
}  // namespace annotation
namespace interned {
constexpr std::uint32_t event_names = 2;
constexpr std::uint32_t annotation_names = 3;
constexpr std::uint32_t id = 1;
constexpr std::uint32_t name = 2;
}  // namespace interned
namespace descriptor {
constexpr std::uint32_t track = 1;
constexpr std::uint32_t name = 2;
constexpr std::uint32_t parent = 5;
constexpr std::uint32_t counter = 8;
constexpr std::uint32_t counter_unit_name = 6;
}  // namespace descriptor

constexpr std::uint64_t only_sequence = 1;
constexpr std::uint64_t state_cleared = 1;
constexpr std::uint64_t state_needed = 2;

std::uint64_t nanoseconds(Picoseconds time) {
  return static_cast<std::uint64_t>(time.value / 1000);
}

/// Tracks count from 1: 0 means none.
std::uint64_t number_of(TrackId track) {
  return track.value + std::uint64_t(1);
}
std::uint64_t number_of(TimelineNameId name) {
  return name.value + std::uint64_t(1);
}

}  // namespace

PerfettoWriter::PerfettoWriter(const std::filesystem::path& folder) : file_(folder, "trace.pftrace") {
  const std::size_t begin = begin_packet();
  proto_.integer(packet::sequence_flags, state_cleared);
  end_packet(begin);
  marks_ = describe_track("run", std::nullopt, std::nullopt);
}

std::size_t PerfettoWriter::begin_packet() {
  proto_.clear();
  const std::size_t begin = proto_.begin_message(trace_packet);
  proto_.integer(packet::sequence_id, only_sequence);
  return begin;
}

std::size_t PerfettoWriter::begin_packet(Picoseconds time) {
  const std::size_t begin = begin_packet();
  proto_.integer(packet::timestamp, nanoseconds(time));
  proto_.integer(packet::sequence_flags, state_needed);
  return begin;
}

void PerfettoWriter::end_packet(std::size_t begin) {
  proto_.end_message(begin);
  file_.write(proto_.bytes());
}

TimelineNameId PerfettoWriter::add_name(std::string_view name) {
  const TimelineNameId id(names_++);
  const std::size_t begin = begin_packet();
  proto_.integer(packet::sequence_flags, state_needed);
  const std::size_t data = proto_.begin_message(packet::interned_data);
  for (const std::uint32_t kind : {interned::event_names, interned::annotation_names}) {
    const std::size_t entry = proto_.begin_message(kind);
    proto_.integer(interned::id, number_of(id));
    proto_.text(interned::name, name);
    proto_.end_message(entry);
  }
  proto_.end_message(data);
  end_packet(begin);
  return id;
}

TrackId PerfettoWriter::describe_track(std::string_view name, std::optional<TrackId> group,
                                       std::optional<std::string_view> unit) {
  const TrackId id(tracks_++);
  const std::size_t begin = begin_packet();
  const std::size_t track = proto_.begin_message(packet::track_descriptor);
  proto_.integer(descriptor::track, number_of(id));
  proto_.text(descriptor::name, name);
  if (group) proto_.integer(descriptor::parent, number_of(*group));
  if (unit) {
    const std::size_t counter = proto_.begin_message(descriptor::counter);
    proto_.text(descriptor::counter_unit_name, *unit);
    proto_.end_message(counter);
  }
  proto_.end_message(track);
  end_packet(begin);
  return id;
}

TrackId PerfettoWriter::add_group(std::string_view name) {
  return describe_track(name, std::nullopt, std::nullopt);
}
TrackId PerfettoWriter::add_track(std::string_view name, TrackId group) {
  return describe_track(name, group, std::nullopt);
}
TrackId PerfettoWriter::add_counter(std::string_view name, std::string_view unit, TrackId group) {
  return describe_track(name, group, unit);
}

void PerfettoWriter::slice(const TimelineSlice& slice) {
  const std::size_t begin = begin_packet(slice.begin);
  const std::size_t event = proto_.begin_message(packet::track_event);
  proto_.integer(event::type, event::begin);
  proto_.integer(event::track, number_of(slice.track));
  proto_.integer(event::name_id, number_of(slice.name));
  for (const TimelineFlow& flow : slice.flows) proto_.fixed64(event::flows, flow.id);
  for (const TimelineArgument& argument : slice.arguments) {
    const std::size_t annotation = proto_.begin_message(event::annotations);
    proto_.integer(annotation::name_id, number_of(argument.name));
    if (argument.text.empty()) {
      proto_.integer(annotation::integer, static_cast<std::uint64_t>(argument.number));
    } else {
      proto_.text(annotation::text, argument.text);
    }
    proto_.end_message(annotation);
  }
  proto_.end_message(event);
  end_packet(begin);

  const std::size_t end = begin_packet(slice.end);
  const std::size_t end_event = proto_.begin_message(packet::track_event);
  proto_.integer(event::type, event::end);
  proto_.integer(event::track, number_of(slice.track));
  proto_.end_message(end_event);
  end_packet(end);
}

void PerfettoWriter::counter(TrackId track, Picoseconds time, std::int64_t value) {
  const std::size_t begin = begin_packet(time);
  const std::size_t event = proto_.begin_message(packet::track_event);
  proto_.integer(event::type, event::counter);
  proto_.integer(event::track, number_of(track));
  proto_.integer(event::counter_value, static_cast<std::uint64_t>(value));
  proto_.end_message(event);
  end_packet(begin);
}

void PerfettoWriter::mark(std::string_view text, Picoseconds time) {
  const std::size_t begin = begin_packet(time);
  const std::size_t event = proto_.begin_message(packet::track_event);
  proto_.integer(event::type, event::instant);
  proto_.integer(event::track, number_of(marks_));
  proto_.text(event::name, text);
  proto_.end_message(event);
  end_packet(begin);
}

}  // namespace loopsim
