#include "sim/sequencer/TransferTable.hpp"

#include <algorithm>

#include "base/CheckedMath.hpp"

namespace loopsim {

namespace {

bool waits(const TransferTable::Entry& entry, const PendingTile& tile) {
  return std::find(entry.waiting.begin(), entry.waiting.end(), &tile) != entry.waiting.end();
}

/// Does a fill bring words that the plan reads in the innermost buffers?
bool brings(const Move& fill, const Plan& plan) {
  for (const Plan::Entry& entry : plan.entries) {
    if (entry.node != fill.child || !entry.innermost) continue;
    for (const Plan::Lane& lane : entry.lanes) {
      for (const LaneWords& words : fill.lanes) {
        if (words.place == lane.place && !intersect(words.words, lane.stored).empty()) return true;
      }
    }
  }
  return false;
}

}  // namespace

TransferTable::Entry& TransferTable::add(Move move, Transfer::Urgency urgency, Cycle now, const PathCycles& path) {
  const bool fill = move.kind == Move::Kind::fill;
  const HoldingNode& child = (*nodes_)[move.child];
  const HoldingNode& parent = (*nodes_)[move.parent];
  auto transfer = std::make_unique<Transfer>();
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
  transfer->issued = now;
  transfer->path = path;
  Entry& entry = entries_[transfer->number];
  entry.transfer = std::move(transfer);
  return entry;
}

/// Bank of the first line of the tile, which the other lines follow.
std::size_t TransferTable::first_bank_of(const Move& move) const {
  const TensorLines& lines = lines_[(*nodes_)[move.child].tensor.value];
  for (const LaneWords& lane : move.lanes) {
    if (lane.words.empty()) continue;
    std::vector<Coordinate> word;
    for (const Interval range : bounds(lane.words)) word.push_back(range.low);
    return lines.bank_of(word);
  }
  return 0;
}

void TransferTable::join(PendingTile& tile, Transfer::Urgency urgency) {
  for (auto& [number, entry] : entries_) {
    Transfer& transfer = *entry.transfer;
    if (is_write(transfer) || waits(entry, tile) || !brings(transfer.move, *tile.plan)) continue;
    entry.waiting.push_back(&tile);
    ++tile.moves_left;
    transfer.urgency = std::min(transfer.urgency, urgency);
  }
}

void TransferTable::urge(const PendingTile& tile) {
  for (auto& [number, entry] : entries_) {
    if (waits(entry, tile)) entry.transfer->urgency = std::min(entry.transfer->urgency, Transfer::Urgency::demand_fill);
  }
}

TransferTable::Entry TransferTable::take(const Transfer& transfer) {
  const auto found = entries_.find(transfer.number);
  Entry entry = std::move(found->second);
  entries_.erase(found);
  return entry;
}

}  // namespace loopsim
