#pragma once

#include <cstdint>
#include <optional>

#include "sim/attribution/Measurement.hpp"
#include "sim/attribution/MemoryHistory.hpp"
#include "sim/buffers/Move.hpp"
#include "sim/time/Clock.hpp"

namespace loopsim {

/// A move of tile words on its way through the machine.
struct Transfer {
  /// What goes first where several wait; lower first.
  enum class Urgency { demand_fill, awaited_drain, prefetch, drain };

  std::int64_t number = 0;  ///< order of issue
  Move move;
  Urgency urgency = Urgency::demand_fill;
  LevelId source;
  LevelId destination;
  std::int64_t source_bits = 0;       ///< to be read, of one instance
  std::int64_t destination_bits = 0;  ///< to be written, of one instance
  bool after_copies = false;          ///< does not begin while there is a transfer within the destination
  std::size_t first_bank = 0;         ///< of its first word in level 1, if that has banks

  Cycle issued;
  Cycle left_memory;  ///< DRAM has done its part
  Cycle completed;
  PathCycles path;                       ///< of the critical path up to the last of these
  std::optional<MemoryHistory> history;  ///< of the time until `left_memory`, where the memory knows it

  std::int64_t source_moved = 0;  ///< bits so far
  std::int64_t destination_moved = 0;
};

inline bool is_write(const Transfer& transfer) {
  return transfer.move.kind == Move::Kind::drain;
}

/// Which of two that wait for main memory goes first: the more urgent, then the older.
inline bool goes_before(const Transfer& a, const Transfer& b) {
  return a.urgency != b.urgency ? a.urgency < b.urgency : a.number < b.number;
}

/// Where the sequencer hands transfers in. The machine reports each back when it is complete.
struct TransferSink {
  virtual ~TransferSink() = default;
  virtual void submit(Transfer& transfer) = 0;
};

/// Who is told about completions; calls may come in any order within one instant.
struct CompletionListener {
  virtual ~CompletionListener() = default;
  virtual void transfer_done(Transfer& transfer) = 0;
  virtual void array_done(StageIndex stage) = 0;
};

}  // namespace loopsim
