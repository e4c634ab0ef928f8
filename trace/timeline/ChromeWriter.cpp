#include "trace/timeline/ChromeWriter.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <iterator>

namespace loopsim {

namespace {

/// A text as a JSON string, quotes included.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

template <class Format, class... Values>
void append(std::string& line, const Format& format, const Values&... values) {
  fmt::format_to(std::back_inserter(line), format, values...);
}

void append_time(std::string& line, const char* key, Picoseconds time) {
  append(line, FMT_COMPILE(",\"{}\":{}.{:06}"), key, time.value / 1'000'000, time.value % 1'000'000);
}

}  // namespace

ChromeWriter::ChromeWriter(const std::filesystem::path& folder) : file_(folder, "trace.json") {
  file_.write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
  add_group("run");
}

void ChromeWriter::begin_event() {
  line_ = first_ ? "\n" : ",\n";
  first_ = false;
}
void ChromeWriter::end_event() {
  file_.write(line_);
}

TimelineNameId ChromeWriter::add_name(std::string_view name) {
  names_.push_back(quoted(name));
  return TimelineNameId(names_.size() - 1);
}

TrackId ChromeWriter::add(Track track) {
  return tracks_.push_back(std::move(track));
}

TrackId ChromeWriter::add_group(std::string_view name) {
  const TrackId id = add({tracks_.size(), {}, {}});
  for (const auto& [key, value] : {std::pair<const char*, std::string>{"process_name", "\"name\":" + quoted(name)},
                                   {"process_sort_index", fmt::format("\"sort_index\":{}", id.value)}}) {
    begin_event();
    append(line_, FMT_COMPILE("{{\"ph\":\"M\",\"pid\":{},\"tid\":0,\"name\":\"{}\",\"args\":{{{}}}}}"), id.value, key,
           value);
    end_event();
  }
  return id;
}

TrackId ChromeWriter::add_track(std::string_view name, TrackId group) {
  const TrackId id = add({tracks_[group].process, {}, {}});
  begin_event();
  append(line_, FMT_COMPILE("{{\"ph\":\"M\",\"pid\":{},\"tid\":{},\"name\":\"thread_name\",\"args\":{{\"name\":{}}}}}"),
         tracks_[id].process, id.value, quoted(name));
  end_event();
  return id;
}

TrackId ChromeWriter::add_counter(std::string_view name, std::string_view unit, TrackId group) {
  return add({tracks_[group].process, quoted(name), quoted(unit)});
}

void ChromeWriter::slice(const TimelineSlice& slice) {
  const std::size_t process = tracks_[slice.track].process;
  begin_event();
  append(line_, FMT_COMPILE("{{\"ph\":\"X\",\"pid\":{},\"tid\":{},\"name\":{}"), process, slice.track.value,
         names_[slice.name.value]);
  append_time(line_, "ts", slice.begin);
  append_time(line_, "dur", slice.end - slice.begin);
  line_ += ",\"args\":{";
  bool first = true;
  for (const TimelineArgument& argument : slice.arguments) {
    if (!first) line_ += ',';
    first = false;
    line_ += names_[argument.name.value];
    line_ += ':';
    if (argument.text.empty()) {
      append(line_, FMT_COMPILE("{}"), argument.number);
    } else {
      line_ += quoted(argument.text);
    }
  }
  line_ += "}}";
  end_event();
  for (const TimelineFlow& flow : slice.flows) {
    begin_event();
    append(line_,
           FMT_COMPILE("{{\"ph\":\"{}\",\"pid\":{},\"tid\":{},\"cat\":\"flow\",\"name\":\"tile\",\"id\":\"{:x}\""),
           flow.begins ? 's' : 't', process, slice.track.value, flow.id);
    append_time(line_, "ts", slice.begin);
    line_ += '}';
    end_event();
  }
}

void ChromeWriter::counter(TrackId track, Picoseconds time, std::int64_t value) {
  begin_event();
  append(line_, FMT_COMPILE("{{\"ph\":\"C\",\"pid\":{},\"tid\":{},\"name\":{}"), tracks_[track].process, track.value,
         tracks_[track].name);
  append_time(line_, "ts", time);
  append(line_, FMT_COMPILE(",\"args\":{{{}:{}}}}}"), tracks_[track].unit, value);
  end_event();
}

void ChromeWriter::mark(std::string_view text, Picoseconds time) {
  begin_event();
  append(line_, FMT_COMPILE("{{\"ph\":\"i\",\"s\":\"g\",\"pid\":0,\"tid\":0,\"name\":{}"), quoted(text));
  append_time(line_, "ts", time);
  line_ += '}';
  end_event();
}

void ChromeWriter::finish() {
  file_.write("\n]}\n");
  file_.finish();
}

}  // namespace loopsim
