#pragma once

#include <cstdint>

namespace loopsim {

enum class DramScheduler {
  frfcfs,  ///< bursts to open rows first, then the oldest; writes wait and are drained together
  fcfs,    ///< bursts strictly in order of acceptance; rows are opened ahead, each bank's oldest request first
};
enum class DramPage {
  open,    ///< a row stays open until another one is wanted or the bank is refreshed
  closed,  ///< every burst precharges its bank (RDA, WRA)
};
enum class DramRefresh { all_banks, per_bank, off };
enum class DramQueueing {
  shared,    ///< `queue_depth` reads and as many writes in a channel
  per_bank,  ///< … for each bank
};

/// How a channel is controlled.
struct DramControllerSettings {
  DramScheduler scheduler = DramScheduler::frfcfs;
  DramPage page = DramPage::open;
  DramRefresh refresh = DramRefresh::all_banks;
  DramQueueing queueing = DramQueueing::shared;
  std::int64_t ranks = 1;
  std::int64_t queue_depth = 32;  ///< for FCFS: reads and writes together
  /// Draining begins with this many writes waiting, or when no read waits, and ends with `write_low` and reads waiting.
  std::int64_t write_high_percent = 80;  ///< of the depth, rounded up
  std::int64_t write_low_percent = 20;   ///< of the depth, rounded down
  /// So many bursts of a row may overtake an older request to the same bank; 0: any number.
  std::int64_t row_hit_cap = 0;
};

}  // namespace loopsim
