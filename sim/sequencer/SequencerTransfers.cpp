// The moves that the schedule asks for, on their way through the machine.
#include <algorithm>

#include "base/CheckedMath.hpp"
#include "sim/sequencer/Sequencer.hpp"

namespace loopsim {

namespace {

void add(PathCycles& path, StallCause cause, Cycle cycles) {
  path.stall[static_cast<std::size_t>(cause)] += cycles.value;
}

}  // namespace

void Sequencer::issue(std::vector<Move> moves, Pending* owner, Transfer::Urgency urgency,
                      std::optional<StageIndex> writer) {
  // A fill whose words another operation's fill is already bringing waits for that one.
  if (owner != nullptr) {
    for (auto& [number, live] : live_) {
      if (live.transfer->move.kind != Move::Kind::fill) continue;
      for (const Plan::Entry& entry : owner->plan->entries) {
        if (entry.node != live.transfer->move.child || !entry.innermost) continue;
        for (const Plan::Lane& lane : entry.lanes) {
          for (const LaneWords& words : live.transfer->move.lanes) {
            if (words.place != lane.place || intersect(words.words, lane.stored).empty()) continue;
            if (std::find(live.waiting.begin(), live.waiting.end(), owner) != live.waiting.end()) continue;
            live.waiting.push_back(owner);
            ++owner->moves_left;
            live.transfer->urgency = std::min(live.transfer->urgency, urgency);
          }
        }
      }
    }
  }
  for (Move& move : moves) {
    auto transfer = std::make_unique<Transfer>();
    const bool fill = move.kind == Move::Kind::fill;
    const HoldingNode& child = holdings_.nodes()[move.child];
    const HoldingNode& parent = holdings_.nodes()[move.parent];
    transfer->number = next_number_++;
    transfer->urgency = urgency;
    if (!fill) transfer->urgency = move.leaving.empty() ? Transfer::Urgency::drain : Transfer::Urgency::awaited_drain;
    transfer->source = fill ? parent.level : child.level;
    transfer->destination = fill ? child.level : parent.level;
    std::int64_t most = 0;  // instances of the child move side by side
    for (const LaneWords& lane : move.lanes) most = std::max(most, lane.words.size());
    const std::int64_t child_bits = checked_multiply(most, word_bits(*tree_, child.tensor, child.level));
    const std::int64_t parent_bits =
        checked_multiply((fill ? move.read : move.written).value, word_bits(*tree_, parent.tensor, parent.level));
    transfer->source_bits = fill ? parent_bits : child_bits;
    transfer->destination_bits = fill ? child_bits : parent_bits;
    if (!lines_.empty()) transfer->first_bank = first_bank_of(move);
    transfer->after_copies = fill && tree_->graph.tensors[child.tensor].fill_after_copies;
    transfer->move = std::move(move);
    transfer->issued = now_;
    transfer->path = trigger_;
    Live live;
    if (owner != nullptr) {
      live.waiting.push_back(owner);
      ++owner->moves_left;
    }
    live.transfer = std::move(transfer);
    live.writer = writer;
    if (functional_ != nullptr && !fill) live.values = functional_->take(live.transfer->move, now_.value);
    if (options_.observer != nullptr) options_.observer->transfer_issued(*live.transfer, now_);
    const std::int64_t number = live.transfer->number;
    live_.emplace(number, std::move(live));
  }
  submit_ready();
}

/// Bank of the first line of the tile, which the other lines follow.
std::size_t Sequencer::first_bank_of(const Move& move) const {
  const TensorLines& lines = lines_[holdings_.nodes()[move.child].tensor.value];
  for (const LaneWords& lane : move.lanes) {
    if (lane.words.empty()) continue;
    std::vector<Coordinate> word;
    for (const Interval range : bounds(lane.words)) word.push_back(range.low);
    return lines.bank_of(word);
  }
  return 0;
}

void Sequencer::submit_ready() {
  for (auto& [number, live] : live_) {
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
      transfers_->submit(transfer);
    }
  }
}

void Sequencer::complete_transfers() {
  while (!done_transfers_.empty()) {
    std::vector<Transfer*> done;
    done.swap(done_transfers_);
    std::sort(done.begin(), done.end(), [](const Transfer* a, const Transfer* b) { return a->number < b->number; });
    for (Transfer* transfer : done) {
      const auto found = live_.find(transfer->number);
      Live live = std::move(found->second);
      live_.erase(found);
      add(transfer->path, StallCause::dram, transfer->left_memory - transfer->issued);
      add(transfer->path, StallCause::glb, transfer->completed - transfer->left_memory);
      trigger_ = transfer->path;
      note_completion(transfer->path);
      const bool drain = transfer->move.kind == Move::Kind::drain;
      if (functional_ != nullptr) {
        if (drain) {
          functional_->put(transfer->move, live.values);
        } else {
          functional_->filled(transfer->move, now_.value);
        }
      }
      if (options_.observer != nullptr) observe_completion(*transfer, live.waiting);
      holdings_.complete(transfer->move);
      for (Pending* waiting : live.waiting) {
        --waiting->moves_left;
        waiting->last_move =
            Arrival{transfer->issued, transfer->left_memory, transfer->completed, transfer->history, transfer->path};
      }
      ++version_;
      if (live.writer) note_written(*live.writer);
      if (drain) issue(holdings_.close_pending(), nullptr, Transfer::Urgency::drain);
      submit_ready();
    }
  }
}

}  // namespace loopsim
