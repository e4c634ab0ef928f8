#pragma once

#include <array>
#include <vector>

#include "sim/attribution/Measurement.hpp"
#include "sim/observe/RunObserver.hpp"
#include "trace/timeline/TimelineWriter.hpp"

namespace loopsim {

/// The names that a timeline uses, as its writer knows them.
struct TimelineNames {
  TimelineNames(const ObservedRun& run, TimelineWriter& writer);

  std::vector<TimelineNameId> einsums;               ///< by leaf
  IdVector<TensorId, TimelineNameId> fills, drains;  ///< "fill Fmap1"
  std::array<TimelineNameId, memory_delays> delays;
  TimelineNameId memory, buffer;  ///< parts of a transfer
  // arguments
  TimelineNameId cycle, cycles, tile, operations, steps, tiles, moves, compute_cycles;
  std::array<TimelineNameId, stall_causes> stalls;
  TimelineNameId tensor, einsum, words_read, words_written, source_bits, destination_bits;
  TimelineNameId row, reads, writes, cut;
};

}  // namespace loopsim
