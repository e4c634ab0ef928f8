#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "trace/sink/Trace.hpp"
#include "trace/sink/TraceFile.hpp"

namespace loopsim {

using VcdSignal = std::size_t;

/// Value Change Dump (IEEE 1364): one line for each change, times in ps. Changes may come a little ahead of time; they
/// are written when everything before them is known.
class VcdWriter {
 public:
  explicit VcdWriter(const std::filesystem::path& folder);

  /// All signals before the first change; those of a scope one after the other. They begin at 0.
  VcdSignal add_signal(const std::string& scope, const std::string& name, int bits);
  /// Changes before `begin` decide on the values with which the file begins, those from `end` on are left out.
  void begin(Picoseconds begin, Picoseconds end);
  /// A change that is known too late is written as soon as it can be.
  void change(VcdSignal signal, Picoseconds time, std::int64_t value);
  std::int64_t value(VcdSignal signal) const { return signals_[signal].latest; }
  /// Nothing before `time` will change any more.
  void settle(Picoseconds time);
  void finish(Picoseconds end, const std::optional<std::string>& cut);

  std::int64_t size() const { return file_.size(); }
  const std::string& file_name() const { return file_.name(); }
  struct Signal {
    std::string scope;
    std::string name;
    int bits = 1;
    std::string code;          ///< in the file
    std::int64_t latest = 0;   ///< after all changes known
    std::int64_t written = 0;  ///< as far as settled
  };
  const std::vector<Signal>& signals() const { return signals_; }

 private:
  void write_header();
  void write_values();
  void write_value(const Signal& signal);
  void write_time(Picoseconds time);

  TraceFile file_;
  std::vector<Signal> signals_;
  std::map<std::pair<Picoseconds, VcdSignal>, std::int64_t> ahead_;
  Picoseconds begin_;
  Picoseconds end_;
  Picoseconds settled_;
  std::optional<Picoseconds> time_;  ///< last written
};

}  // namespace loopsim
