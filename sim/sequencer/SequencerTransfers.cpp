// The moves that the schedule asks for, on their way through the machine.
#include <algorithm>

#include "sim/sequencer/Sequencer.hpp"

namespace loopsim {

namespace {

void add(PathCycles& path, StallCause cause, Cycle cycles) {
  path.stall[static_cast<std::size_t>(cause)] += cycles.value;
}

}  // namespace

void Sequencer::issue(std::vector<Move> moves, PendingTile* owner, Transfer::Urgency urgency,
                      std::optional<StageIndex> writer) {
  if (owner != nullptr) transfers_.join(*owner, urgency);
  for (Move& move : moves) {
    TransferTable::Entry& entry = transfers_.add(std::move(move), urgency, now_, trigger_);
    if (owner != nullptr) {
      entry.waiting.push_back(owner);
      ++owner->moves_left;
    }
    entry.writer = writer;
    if (functional_ != nullptr && is_write(*entry.transfer)) {
      entry.values = functional_->take(entry.transfer->move, now_.value);
    }
    if (options_.observer != nullptr) options_.observer->transfer_issued(*entry.transfer, now_);
  }
  submit_ready();
}

void Sequencer::submit_ready() {
  for (auto& [number, live] : transfers_.entries()) {
    if (live.submitted || !holdings_.may_move(live.transfer->move)) continue;
    live.submitted = true;
    Transfer& transfer = *live.transfer;
    if (transfer.issued < now_) {
      // Its words were still being made or written back.
      transfer.path = trigger_;
      transfer.issued = now_;
    }
    if (options_.observer != nullptr) options_.observer->transfer_submitted(transfer);
    if (options_.ideal) {
      transfer.left_memory = now_;
      transfer.completed = now_;
      done_transfers_.push_back(&transfer);
    } else {
      memory_->submit(transfer);
    }
  }
}

void Sequencer::complete_transfers() {
  while (!done_transfers_.empty()) {
    std::vector<Transfer*> done;
    done.swap(done_transfers_);
    std::sort(done.begin(), done.end(), [](const Transfer* a, const Transfer* b) { return a->number < b->number; });
    for (Transfer* transfer : done) {
      const TransferTable::Entry live = transfers_.take(*transfer);
      add(transfer->path, StallCause::dram, transfer->left_memory - transfer->issued);
      add(transfer->path, StallCause::glb, transfer->completed - transfer->left_memory);
      trigger_ = transfer->path;
      note_completion(transfer->path);
      const bool drain = is_write(*transfer);
      if (functional_ != nullptr) {
        if (drain) {
          functional_->put(transfer->move, live.values);
        } else {
          functional_->filled(transfer->move, now_.value);
        }
      }
      if (options_.observer != nullptr) observe_completion(*transfer, live.waiting);
      holdings_.complete(transfer->move);
      for (PendingTile* waiting : live.waiting) {
        --waiting->moves_left;
        waiting->last_move = PendingTile::Arrival{transfer->issued, transfer->left_memory, transfer->completed,
                                                  transfer->history, transfer->path};
      }
      ++version_;
      if (live.writer) note_written(*live.writer);
      if (drain) issue(holdings_.close_pending(), nullptr, Transfer::Urgency::drain);
      submit_ready();
    }
  }
}

}  // namespace loopsim
