#include "tests/cli/TraceReaders.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace loopsim {

namespace {

struct Field {
  std::uint64_t number = 0;
  std::uint64_t integer = 0;
  std::string_view bytes;
};

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (bytes.empty()) throw std::runtime_error("the trace ends within a number");
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= std::uint64_t(byte & 0x7FU) << shift;
    if (byte < 0x80) return value;
  }
  throw std::runtime_error("a number is too long");
}

std::vector<Field> fields_of(std::string_view bytes) {
  std::vector<Field> fields;
  while (!bytes.empty()) {
    const std::uint64_t tag = take_varint(bytes);
    Field field;
    field.number = tag >> 3;
    std::uint64_t size = 8;
    switch (tag & 7U) {
      case 0:
        field.integer = take_varint(bytes);
        fields.push_back(field);
        continue;
      case 1:
        break;
      case 2:
        size = take_varint(bytes);
        break;
      default:
        throw std::runtime_error("an unexpected wire type");
    }
    if (size > bytes.size()) throw std::runtime_error("the trace ends within a field");
    field.bytes = bytes.substr(0, size);
    if ((tag & 7U) == 1) {
      for (std::size_t i = 8; i-- > 0;) field.integer = field.integer << 8 | static_cast<unsigned char>(field.bytes[i]);
    }
    bytes.remove_prefix(size);
    fields.push_back(field);
  }
  return fields;
}

/// Gathers packets: events are shown in order of time, those of one moment as they stand.
class PerfettoReader {
 public:
  void packet(std::string_view bytes) {
    std::int64_t time = 0;
    std::string_view event;
    for (const Field& field : fields_of(bytes)) {
      if (field.number == 8) time = static_cast<std::int64_t>(field.integer);
      if (field.number == 11) event = field.bytes;
      if (field.number == 12) intern(field.bytes);
      if (field.number == 60) describe(field.bytes);
    }
    if (!event.empty()) events_.push_back({time, event});
  }

  ReadTimeline finish() {
    std::stable_sort(events_.begin(), events_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [time, bytes] : events_) show(time, bytes);
    for (const auto& [track, open] : open_) {
      if (!open.empty()) throw std::runtime_error("a slice does not end");
    }
    return std::move(timeline_);
  }

 private:
  struct Track {
    std::string name;
    std::uint64_t parent = 0;
    bool counter = false;
  };

  void describe(std::string_view bytes) {
    Track track;
    std::uint64_t id = 0;
    for (const Field& field : fields_of(bytes)) {
      if (field.number == 1) id = field.integer;
      if (field.number == 2) track.name = field.bytes;
      if (field.number == 5) track.parent = field.integer;
      if (field.number == 8) track.counter = true;
    }
    if (!tracks_.emplace(id, track).second) throw std::runtime_error("a track is described twice");
  }

  void intern(std::string_view bytes) {
    for (const Field& field : fields_of(bytes)) {
      std::uint64_t id = 0;
      std::string name;
      for (const Field& part : fields_of(field.bytes)) {
        if (part.number == 1) id = part.integer;
        if (part.number == 2) name = part.bytes;
      }
      (field.number == 2 ? event_names_ : argument_names_)[id] = name;
    }
  }

  std::string path_of(std::uint64_t id) const {
    const Track& track = tracks_.at(id);
    return track.parent == 0 ? track.name : path_of(track.parent) + "/" + track.name;
  }

  void argument(std::string_view bytes, ReadSlice& slice) const {
    std::string name;
    for (const Field& field : fields_of(bytes)) {
      if (field.number == 1) name = argument_names_.at(field.integer);
      if (field.number == 4) slice.numbers[name] = static_cast<std::int64_t>(field.integer);
      if (field.number == 6) slice.texts[name] = field.bytes;
    }
  }

  void show(std::int64_t time, std::string_view bytes) {
    std::uint64_t type = 0, track = 0;
    std::int64_t value = 0;
    ReadSlice slice;
    slice.begin_ns = time;
    for (const Field& field : fields_of(bytes)) {
      if (field.number == 9) type = field.integer;
      if (field.number == 11) track = field.integer;
      if (field.number == 10) slice.name = event_names_.at(field.integer);
      if (field.number == 23) slice.name = field.bytes;
      if (field.number == 30) value = static_cast<std::int64_t>(field.integer);
      if (field.number == 47) slice.flows.push_back(field.integer);
      if (field.number == 4) argument(field.bytes, slice);
    }
    slice.track = path_of(track);
    std::vector<std::size_t>& open = open_[track];
    if (type == 1) {
      open.push_back(timeline_.slices.size());
      timeline_.slices.push_back(slice);
    } else if (type == 2) {
      if (open.empty()) throw std::runtime_error("an end without a beginning");
      timeline_.slices[open.back()].end_ns = time;
      open.pop_back();
    } else if (type == 3) {
      timeline_.marks.push_back(slice.name);
    } else if (type == 4) {
      if (!tracks_.at(track).counter) throw std::runtime_error("a value on a track that is no counter");
      timeline_.counters[slice.track].emplace_back(time, value);
    } else {
      throw std::runtime_error("an event of an unexpected type");
    }
  }

  std::map<std::uint64_t, Track> tracks_;
  std::map<std::uint64_t, std::string> event_names_, argument_names_;
  std::vector<std::pair<std::int64_t, std::string_view>> events_;
  std::map<std::uint64_t, std::vector<std::size_t>> open_;
  ReadTimeline timeline_;
};

std::int64_t nanoseconds(const nlohmann::json& microseconds) {
  return static_cast<std::int64_t>(std::floor(microseconds.get<double>() * 1000 + 1e-4));
}

}  // namespace

ReadTimeline read_perfetto(const std::string& bytes) {
  PerfettoReader reader;
  for (const Field& field : fields_of(bytes)) {
    if (field.number != 1) throw std::runtime_error("something that is no packet");
    reader.packet(field.bytes);
  }
  return reader.finish();
}

ReadTimeline read_chrome(const std::string& text) {
  const auto document = nlohmann::json::parse(text);
  std::map<int, std::string> processes, threads;
  std::multimap<std::string, std::int64_t> begun, gone_on;  // arrows
  ReadTimeline timeline;
  for (const auto& event : document.at("traceEvents")) {
    const std::string kind = event.at("ph");
    const int process = event.at("pid"), thread = event.at("tid");
    if (kind == "M" && event["name"] == "process_name") processes[process] = event["args"]["name"];
    if (kind == "M" && event["name"] == "thread_name") threads[thread] = event["args"]["name"];
    if (kind == "i") timeline.marks.push_back(event["name"]);
    if (kind == "C") {
      timeline.counters[processes.at(process) + "/" + event["name"].get<std::string>()].emplace_back(
          nanoseconds(event["ts"]), event["args"].begin().value());
    }
    if (kind == "s" || kind == "t") {
      (kind == "s" ? begun : gone_on).emplace(event["id"], nanoseconds(event["ts"]));
      timeline.slices.back().flows.push_back(std::stoull(event["id"].get<std::string>(), nullptr, 16));
    }
    if (kind != "X") continue;
    ReadSlice slice;
    slice.track = processes.at(process) + "/" + threads.at(thread);
    slice.name = event["name"];
    slice.begin_ns = nanoseconds(event["ts"]);
    slice.end_ns =
        static_cast<std::int64_t>(std::floor((event["ts"].get<double>() + event["dur"].get<double>()) * 1000 + 1e-4));
    for (const auto& [name, value] : event["args"].items()) {
      if (value.is_string()) {
        slice.texts[name] = value;
      } else {
        slice.numbers[name] = value;
      }
    }
    timeline.slices.push_back(std::move(slice));
  }
  for (const auto& [id, time] : gone_on) {
    if (begun.count(id) != 1) throw std::runtime_error("an arrow that does not begin once");
    if (begun.find(id)->second > time) throw std::runtime_error("an arrow goes on before it begins");
  }
  std::stable_sort(timeline.slices.begin(), timeline.slices.end(),
                   [](const ReadSlice& a, const ReadSlice& b) { return a.begin_ns < b.begin_ns; });
  return timeline;
}

ReadWaves read_vcd(const std::string& text) {
  ReadWaves waves;
  std::map<std::string, std::string> names;  // by code
  std::vector<std::string> scopes;
  std::istringstream in(text);
  std::optional<std::int64_t> time;
  bool defined = false;
  const auto changed = [&](const std::string& code, std::int64_t value) {
    if (!time || !defined) throw std::runtime_error("a value without a time");
    waves.waves.at(names.at(code)).emplace_back(*time, value);
  };
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if ((first == "$date" || first == "$version" || first == "$timescale") && line.find("$end") == std::string::npos) {
      while (line.find("$end") == std::string::npos && std::getline(in, line)) {
      }
    } else if (first == "$scope") {
      std::string kind, name;
      words >> kind >> name;
      scopes.push_back(name);
    } else if (first == "$upscope") {
      scopes.pop_back();
    } else if (first == "$var") {
      std::string kind, bits, code, name;
      words >> kind >> bits >> code >> name;
      std::string path;
      for (const std::string& scope : scopes) path += scope + ".";
      if (!names.emplace(code, path + name).second) throw std::runtime_error("a code is used twice");
      waves.waves[path + name];
    } else if (first == "$enddefinitions") {
      defined = scopes.empty();
    } else if (first == "$comment") {
      waves.comments.push_back(line);
    } else if (first.rfind('#', 0) == 0) {
      const std::int64_t next = std::stoll(first.substr(1));
      if (time && next <= *time) throw std::runtime_error("time does not go on");
      time = next;
    } else if (first.rfind('b', 0) == 0) {
      std::string code;
      words >> code;
      changed(code, std::stoll(first.substr(1), nullptr, 2));
    } else if (first[0] == '0' || first[0] == '1') {
      changed(first.substr(1), first[0] - '0');
    } else if (first[0] != '$') {
      throw std::runtime_error("an unexpected line: " + line);
    }
  }
  return waves;
}

std::vector<std::vector<std::string>> read_rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

}  // namespace loopsim
