#pragma once

#include <map>
#include <vector>

#include "sim/observe/RunObserver.hpp"
#include "trace/timeline/MoveRoute.hpp"
#include "trace/timeline/TimelineNames.hpp"
#include "trace/timeline/TimelineWriter.hpp"

namespace loopsim {

/// Sums of a run over each einsum and over the moves of each tensor, and the time from the first to the last.
class LayerTotals {
 public:
  explicit LayerTotals(const ObservedRun& run) : operations_(run.schedule->leaves.size()) {}

  void add(const OperationRecord& record);
  void add(const MoveRoute& route, const Transfer& transfer);
  /// One slice for each, on a track of its own.
  void write(const ObservedRun& run, const TimelineNames& names, TimelineWriter& writer) const;

 private:
  struct Span {
    Cycle begin;
    Cycle end;
    std::int64_t count = 0;
    void include(Cycle from, Cycle to);
  };
  struct OperationTotal {
    Span span;
    std::int64_t operations = 0;
    std::int64_t steps = 0;
    std::int64_t compute = 0;
    std::array<std::int64_t, stall_causes> stalls = {};
  };
  struct MoveTotal {
    Span span;
    std::int64_t read = 0;
    std::int64_t written = 0;
  };

  std::vector<OperationTotal> operations_;  ///< by leaf
  std::map<MoveRoute, MoveTotal> moves_;
};

}  // namespace loopsim
