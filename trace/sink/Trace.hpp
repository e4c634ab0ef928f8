#pragma once

#include <fmt/format.h>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dram/DramChannel.hpp"
#include "sim/dram/DramMemory.hpp"
#include "sim/dram/ObservedDram.hpp"
#include "sim/noc/ArrayNetwork.hpp"
#include "sim/observe/RunObserver.hpp"
#include "sim/ports/StepTrain.hpp"
#include "sim/schedule/Schedule.hpp"
#include "trace/sink/TraceFile.hpp"

namespace loopsim {

/// What a trace may contain.
struct TraceLimits {
  Cycle from;  ///< only what happens in from <= cycle < to, or lasts into it
  Cycle to = Cycle(std::numeric_limits<std::int64_t>::max());
  std::int64_t most_bytes = std::numeric_limits<std::int64_t>::max();  ///< of a file, but for a few lines at its end

  /// Not all of the run.
  bool windowed() const { return from > Cycle() || to < Cycle(std::numeric_limits<std::int64_t>::max()); }
  bool contains(Cycle cycle) const { return from <= cycle && cycle < to; }
  bool meets(Cycle begin, Cycle end) const { return begin < to && (from < end || from <= begin); }
};

/// A file of lines that ends when it has reached the limit.
struct LimitedFile {
  std::unique_ptr<TraceFile> file;
  bool full = false;
};

/// How a trace comes to its end.
struct TraceEnd {
  Cycle at;                        ///< the last cycle known
  std::optional<std::string> cut;  ///< why the run did not get to its own end
};

/// Watches a run and writes files. Opens them in begin(); without finish() none appears.
class Trace : public RunObserver {
 public:
  /// Closes what is open, completes the files and gives them their names.
  virtual void finish(const TraceEnd& end) = 0;
  /// What the user has to know about the files; complete after finish().
  const std::vector<std::string>& warnings() const { return warnings_; }

 protected:
  void warn(std::string message) { warnings_.push_back(std::move(message)); }
  /// A file has reached its limit.
  void warn_of_size(std::string_view file, const TraceLimits& limits, Cycle now) {
    warn(fmt::format("'{}' has reached {} MB at cycle {}; what came later is not in it (--trace-max-mb)", file,
                     limits.most_bytes / 1'000'000, now.value));
  }
  /// Whether a line may be added; warns when the file has reached its limit.
  bool has_room(LimitedFile& output, const TraceLimits& limits, Cycle now) {
    if (!output.full && output.file->size() >= limits.most_bytes) {
      output.full = true;
      warn_of_size(output.file->name(), limits, now);
    }
    return !output.full;
  }
  /// Warns if the run was cut.
  void finish_file(TraceFile& file, const TraceEnd& end) {
    if (end.cut) warn(fmt::format("'{}' ends at cycle {}: {}", file.name(), end.at.value, *end.cut));
    file.finish();
  }

 private:
  std::vector<std::string> warnings_;
};

}  // namespace loopsim
