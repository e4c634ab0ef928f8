#pragma once

#include "sim/attribution/StageLedger.hpp"
#include "sim/sequencer/PendingTile.hpp"

namespace loopsim {

/// Books the time between the end of the array's last operation and `now`, at which this one starts: what it waited for
/// last, and before that what it waited for then.
void book_wait(StageLedger& ledger, const PendingTile& tile, Cycle now);

}  // namespace loopsim
