// What waits for what when nothing moves, and what an observer is told.
#include <fmt/format.h>

#include "sim/sequencer/Sequencer.hpp"

namespace loopsim {

void Sequencer::observe_completion(const Transfer& transfer, const std::vector<PendingTile*>& users) {
  std::vector<OperationId> operations;
  operations.reserve(users.size());
  for (const PendingTile* user : users) operations.push_back({user->operation.leaf, user->operation.number});
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
    for (std::size_t i = 0; i < stage.window.size(); ++i) {
      const PendingTile& pending = stage.window[i];
      const char* reason = "a predecessor in another stage";
      if (pending.started) {
        reason = "the array";
      } else if (!pending.admitted) {
        reason = pending.holds.back().cause == StallCause::space ? "buffer space" : "words that are not there yet";
      } else if (pending.moves_left > 0) {
        reason = "fills on their way";
      } else if (pending.free_to_start) {
        reason = "operands";
      }
      text += fmt::format("\n  {} waits for {}", describe(*tree_, *schedule_, pending.operation), reason);
    }
  }
  for (const auto& [number, live] : transfers_.entries()) {
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
