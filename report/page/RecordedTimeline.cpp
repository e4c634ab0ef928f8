#include "report/page/RecordedTimeline.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "base/Diagnostics.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::json;

/// Depth of an event: the document is a map with a list of events.
constexpr int event_depth = 2;

/// Takes one event after the other.
class TimelineReader {
 public:
  void take(const Json& event) {
    const std::string phase = event.at("ph");
    const Key key{event.at("pid"), event.at("tid")};
    if (phase == "M") {
      take_name(event, key);
    } else if (phase == "X") {
      RecordedTimeline::Slice slice;
      slice.begin = time_of(event.at("ts"));
      slice.end = slice.begin + time_of(event.at("dur"));
      slice.name = name_number(event.at("name"));
      track(key).slices.push_back(slice);
    } else if (phase == "C") {
      take_value(event, key);
    } else if (phase == "i") {
      timeline_.marks.push_back(event.at("name"));
    }
  }

  RecordedTimeline finish() {
    for (RecordedTimeline::Track& track : timeline_.tracks) leave_out_nested(track.slices);
    auto& tracks = timeline_.tracks;
    tracks.erase(std::remove_if(tracks.begin(), tracks.end(), [](const auto& track) { return track.slices.empty(); }),
                 tracks.end());
    return std::move(timeline_);
  }

 private:
  using Key = std::pair<std::int64_t, std::int64_t>;  ///< process, thread

  static Picoseconds time_of(const Json& microseconds) {
    return Picoseconds(std::llround(microseconds.get<double>() * 1e6));
  }

  void take_name(const Json& event, const Key& key) {
    const std::string what = event.at("name");
    if (what == "process_name") groups_[key.first] = event.at("args").at("name");
    if (what == "thread_name") track(key).name = event.at("args").at("name");
  }

  RecordedTimeline::Track& track(const Key& key) {
    const auto [entry, is_new] = tracks_.try_emplace(key, timeline_.tracks.size());
    if (is_new) timeline_.tracks.push_back({groups_[key.first], {}, {}});
    return timeline_.tracks[entry->second];
  }

  void take_value(const Json& event, const Key& key) {
    const Json& values = event.at("args");
    if (values.size() != 1) return;
    const auto [entry, is_new] = counters_.try_emplace(key, timeline_.counters.size());
    if (is_new) timeline_.counters.push_back({groups_[key.first], event.at("name"), values.begin().key(), {}});
    timeline_.counters[entry->second].values.emplace_back(time_of(event.at("ts")),
                                                          values.begin().value().get<std::int64_t>());
  }

  std::size_t name_number(const std::string& name) {
    const auto [entry, is_new] = name_numbers_.try_emplace(name, timeline_.names.size());
    if (is_new) timeline_.names.push_back(name);
    return entry->second;
  }

  static void leave_out_nested(std::vector<RecordedTimeline::Slice>& slices) {
    std::stable_sort(slices.begin(), slices.end(),
                     [](const RecordedTimeline::Slice& a, const RecordedTimeline::Slice& b) {
                       return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
                     });
    Picoseconds end(-1);
    const auto nested = [&end](const RecordedTimeline::Slice& slice) {
      if (slice.begin < end) return true;
      end = slice.end;
      return false;
    };
    // In order, as remove_if goes through them once.
    slices.erase(std::remove_if(slices.begin(), slices.end(), nested), slices.end());
  }

  RecordedTimeline timeline_;
  std::map<std::int64_t, std::string> groups_;
  std::map<Key, std::size_t> tracks_;
  std::map<Key, std::size_t> counters_;
  std::unordered_map<std::string, std::size_t> name_numbers_;
};

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& message) {
  Diagnostics diagnostics;
  diagnostics.error({std::make_shared<SourceText>(SourceText{path.string(), ""}), 0, 0}, message);
  throw InputError(std::move(diagnostics));
}

}  // namespace

RecordedTimeline read_timeline(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(path, "the file cannot be read");
  TimelineReader reader;
  // An event is dropped as soon as it was taken.
  const auto on_event = [&reader](int depth, Json::parse_event_t what, Json& value) {
    if (depth != event_depth || what != Json::parse_event_t::object_end) return true;
    reader.take(value);
    return false;
  };
  try {
    const Json rest = Json::parse(file, on_event);
    if (!rest.is_object() || !rest.contains("traceEvents")) fail(path, "expected a map with a list 'traceEvents'");
  } catch (const Json::exception& error) {
    fail(path, std::string("expected a timeline as '--trace chrome' writes it: ") + error.what());
  }
  return reader.finish();
}

}  // namespace loopsim
