// Where a stage's waiting time is booked, what waits for what when nothing moves, and what an observer is told.
#include <algorithm>
#include <fmt/format.h>

#include "sim/sequencer/Sequencer.hpp"

namespace loopsim {

/// Books the time between the array's last operation and this one.
void Sequencer::book_wait(StageState& stage, const Pending& pending) {
  const std::optional<Arrival>& last = pending.last_move;
  const Cycle moved = last ? last->completed : Cycle(-1);
  // What it writes over may have had to be written back first.
  const Cycle end = pending.writing_back_since.value_or(now_);
  const auto wait = [&](Cycle until, std::optional<StallCause> cause) {
    return stage.ledger.wait(std::min(until, end), cause);
  };
  if (*pending.free_to_start > moved && *pending.free_to_start >= pending.admitted_at) {
    // Before it came into the window: the results of the operation before it, and where they are held their write-back.
    wait(pending.room_at, StallCause::dependency);
    wait(pending.entered_at, StallCause::writeback);
    wait(now_, pending.blocked_by);
  } else {
    // Not admitted yet, by what held it; then on its way; each part only as far as it lies after what is booked.
    for (std::size_t i = 0; i < pending.holds.size(); ++i) {
      const Cycle until = i + 1 < pending.holds.size() ? pending.holds[i + 1].since : pending.admitted_at;
      wait(std::min(until, pending.admitted_at), pending.holds[i].cause);
    }
    if (last) {
      wait(last->issued, StallCause::dependency);
      const Cycle charged = wait(last->left_memory, StallCause::dram);
      if (last->history) {
        const Cycle until = stage.ledger.booked();
        for (std::size_t d = 0; d < memory_delays; ++d) {
          const auto delay = static_cast<MemoryDelay>(d);
          stage.ledger.add_detail(name_of(delay), last->history->within(delay, until - charged, until));
        }
      } else {
        stage.ledger.add_detail("dram.transfer", charged);
      }
      stage.ledger.add_detail("glb.transfer", wait(last->completed, StallCause::glb));
    }
    wait(now_, StallCause::dependency);
  }
  stage.ledger.wait(now_, StallCause::writeback);
}

void Sequencer::observe_completion(const Transfer& transfer, const std::vector<Pending*>& users) {
  std::vector<OperationId> operations;
  operations.reserve(users.size());
  for (const Pending* user : users) operations.push_back({user->operation.leaf, user->operation.number});
  options_.observer->transfer_completed(transfer, operations);
}

void Sequencer::observe_held_words() {
  held_words_.resize(tree_->architecture.memories.size());
  for (std::size_t level = 0; level < held_words_.size(); ++level) {
    const Words held = holdings_.words_held(LevelId(level));
    if (held == held_words_[level]) continue;
    held_words_[level] = held;
    options_.observer->words_held(LevelId(level), held, now_);
  }
}

std::string Sequencer::describe_deadlock() const {
  std::string text = "nothing can proceed:";
  for (const StageState& stage : stages_) {
    for (const auto& pending : stage.window) {
      const char* reason = "a predecessor in another stage";
      if (pending->started) {
        reason = "the array";
      } else if (!pending->admitted) {
        reason = pending->holds.back().cause == StallCause::space ? "buffer space" : "words that are not there yet";
      } else if (pending->moves_left > 0) {
        reason = "fills on their way";
      } else if (pending->free_to_start) {
        reason = "operands";
      }
      text += fmt::format("\n  {} waits for {}", describe(*tree_, *schedule_, pending->operation), reason);
    }
  }
  for (const auto& [number, live] : live_) {
    text += fmt::format("\n  a {} of {} words of '{}' waits for {}",
                        live.transfer->move.kind == Move::Kind::fill ? "fill" : "write-back",
                        live.transfer->move.read.value,
                        tree_->graph.tensors[holdings_.nodes()[live.transfer->move.child].tensor].name,
                        live.submitted ? "the memory" : "its source");
  }
  for (std::size_t level = 0; level < tree_->architecture.memories.size(); ++level) {
    if (!tree_->architecture.memories[level].size_bits) continue;
    text += fmt::format("\n  {} holds", tree_->architecture.memories[level].name);
    const char* separator = " ";
    for (const Holdings::HeldTile& tile : holdings_.held(LevelId(level))) {
      const HoldingNode& node = holdings_.nodes()[tile.node];
      text += fmt::format("{}{} words of '{}' ({})", separator, tile.words.value,
                          tree_->graph.tensors[node.tensor].name, tree_->nodes[node.id].ordinal);
      separator = ", ";
    }
  }
  return text;
}

}  // namespace loopsim
