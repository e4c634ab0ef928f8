#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/attribution/Measurement.hpp"
#include "sim/attribution/MemoryHistory.hpp"
#include "sim/buffers/Plan.hpp"

namespace loopsim {

/// A tile operation from the moment it enters the window of its stage until its results are there.
struct PendingTile {
  /// Why it may not be admitted yet, from a cycle on.
  struct Hold {
    Cycle since;
    std::optional<StallCause> cause;  ///< nothing: it is not the stage's turn (idle)
  };
  /// What is kept of a completed fill: when it passed where.
  struct Arrival {
    Cycle issued;
    Cycle left_memory;
    Cycle completed;
    std::optional<MemoryHistory> history;
    PathCycles path;
  };

  TileOperation operation;
  std::optional<Plan> plan;
  std::int64_t planned_at = -1;  ///< version of the sequencer's state
  bool admitted = false;
  bool started = false;
  bool ended = false;
  Cycle room_at;     ///< the stage's last operation before it had retired
  Cycle entered_at;  ///< the window
  Cycle admitted_at;
  PathCycles admitted_path;
  std::optional<Cycle> free_to_start;  ///< predecessors and slots
  PathCycles free_path;
  std::optional<StallCause> blocked_by;  ///< what kept it from the above, last
  std::vector<Hold> holds;               ///< what kept it from being admitted
  int moves_left = 0;
  std::int64_t checked_words = -1;          ///< version at which it could not start
  std::optional<Cycle> writing_back_since;  ///< what it writes over was still being written back
  std::optional<Arrival> last_move;
  Cycle start;
  PathCycles start_path;
  Cycle end;  ///< results there
  PathCycles end_path;
  std::int64_t steps = 0;
  std::int64_t operations = 0;

  void hold(std::optional<StallCause> cause, Cycle now) {
    if (holds.empty() || holds.back().cause != cause) holds.push_back({now, cause});
  }
};

}  // namespace loopsim
