#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace loopsim {

/// A timeline as its readers show it.
struct ReadSlice {
  std::string track;  ///< "group/track"
  std::string name;
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
  std::map<std::string, std::int64_t> numbers;
  std::map<std::string, std::string> texts;
  std::vector<std::uint64_t> flows;
};
struct ReadTimeline {
  std::vector<ReadSlice> slices;                                                       ///< in order of their beginning
  std::map<std::string, std::vector<std::pair<std::int64_t, std::int64_t>>> counters;  ///< ns, value
  std::vector<std::string> marks;
};

/// Decode a trace by the formats' public descriptions alone; throw std::runtime_error where it does not follow them.
ReadTimeline read_perfetto(const std::string& bytes);
ReadTimeline read_chrome(const std::string& text);

/// Value changes of one signal: ps, value.
using ReadWave = std::vector<std::pair<std::int64_t, std::int64_t>>;
struct ReadWaves {
  std::map<std::string, ReadWave> waves;  ///< by "scope.scope.name"
  std::vector<std::string> comments;
};
ReadWaves read_vcd(const std::string& text);

/// Rows of a CSV as they stand.
std::vector<std::vector<std::string>> read_rows(const std::string& text);

}  // namespace loopsim
