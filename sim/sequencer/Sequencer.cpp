#include "sim/sequencer/Sequencer.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sim/sequencer/WaitBooks.hpp"

namespace loopsim {

namespace {

void add(PathCycles& path, StallCause cause, Cycle cycles) {
  path.stall[static_cast<std::size_t>(cause)] += cycles.value;
}

}  // namespace

Sequencer::Sequencer(const BoundTree& tree, const Schedule& schedule, Options options, TransferSink& transfers,
                     ArraySink& arrays, FunctionalModel* functional)
    : tree_(&tree),
      schedule_(&schedule),
      options_(std::move(options)),
      memory_(&transfers),
      arrays_(&arrays),
      functional_(functional),
      holdings_(tree, schedule),
      transfers_(tree, holdings_.nodes()),
      turns_(tree, schedule),
      ahead_(tree.architecture, options_.minimum_bits),
      recurrence_(schedule) {
  if (functional_ != nullptr || options_.observer != nullptr) {
    holdings_.on_release = [this](HoldingIndex node, const Place& place, const PointSet& words) {
      if (functional_ != nullptr) functional_->released(node, place, words);
      if (options_.observer != nullptr) options_.observer->words_released(node, place, words, now_);
    };
  }
  for (const Leaf& leaf : schedule.leaves) {
    totals_.emplace_back(tree, leaf);
    results_at_.emplace_back();
  }
  for (const Stage& stage : schedule.stages) {
    stages_.emplace_back(stage.name, TileWindow(tree, schedule, stage));
    for (LeafIndex leaf : stage.leaves) holdings_.start(leaf, stages_.back().window.next_time(leaf));
  }
  for (StageIndex s = 0; s < stages_.size(); ++s) {
    for (LeafIndex leaf : schedule.stages[s].leaves) update_progress(s, leaf);
  }
}

void Sequencer::update_progress(StageIndex s, LeafIndex leaf) {
  turns_.set(leaf, stages_[s].window.progress(leaf));
}

void Sequencer::fill_windows() {
  for (StageState& stage : stages_) {
    const std::int64_t leaving = stage.writing > 0 ? 1 : 0;  // an operation whose results are written back
    stage.window.fill(static_cast<std::size_t>(options_.prefetch + 1 - leaving), stage.retired_at, now_);
  }
}

/// The first operation not retired in sequential order: it can always go on, whatever the others hold (see
/// MinimumSpace), so nothing ever waits in a circle.
std::optional<TimeIndex> Sequencer::frontier() const {
  std::optional<TimeIndex> first;
  for (const StageState& stage : stages_) {
    const TileOperation* next = stage.window.first_not_ended();
    if (next != nullptr && (!first || next->time < *first)) first = next->time;
  }
  return first;
}

bool Sequencer::try_admit(StageIndex s, std::size_t position) {
  StageState& stage = stages_[s];
  PendingTile& pending = stage.window[position];
  if (pending.admitted || !stage.window.admitted_before(position)) return false;
  const bool first = frontier() == pending.operation.time;
  if (!pending.free_to_start && options_.prefetch == 0) return false;
  if (pending.planned_at != version_) {
    pending.plan = holdings_.plan(pending.operation);
    pending.planned_at = version_;
  } else if (!first) {
    return false;  // nothing has changed since it was refused
  }
  if (!pending.free_to_start && !pending.plan->sources_ready) {
    pending.hold(StallCause::dependency, now_);
    return false;
  }
  if (!options_.ideal) {
    for (const auto& [instance, bits] : pending.plan->bits) {
      const auto free = holdings_.free_bits(instance.first, instance.second);
      if (free && bits_of_instance(pending.plan->bits, instance) > *free)
        return wait_for_space(pending, instance.first);
    }
    if (!first) {
      if (const auto full = ahead_.take(*pending.plan)) return wait_for_space(pending, *full);
    }
  }
  pending.admitted = true;
  pending.admitted_at = now_;
  pending.admitted_path = trigger_;
  issue(holdings_.admit(*pending.plan), &pending,
        pending.free_to_start && position == 0 ? Transfer::Urgency::demand_fill : Transfer::Urgency::prefetch);
  if (options_.observer != nullptr) {
    options_.observer->operation_admitted(s, pending.operation, pending.moves_left, now_);
  }
  ++version_;
  return true;
}

void Sequencer::note_completion(const PathCycles& path) {
  if (now_ < last_completion_) return;
  last_completion_ = now_;
  last_path_ = path;
}

bool Sequencer::try_start(StageIndex s) {
  StageState& stage = stages_[s];
  if (stage.busy) return false;
  PendingTile* const head = stage.window.next_to_start();
  if (head == nullptr || !head->admitted || !head->free_to_start || head->moves_left > 0) return false;
  if (head->checked_words == version_) return false;
  if (!holdings_.inputs_ready(*head->plan)) {
    head->checked_words = version_;
    return false;
  }
  if (!holdings_.outputs_ready(*head->plan)) {
    head->checked_words = version_;
    if (!head->writing_back_since) head->writing_back_since = now_;
    return false;
  }
  head->started = true;
  head->start = now_;

  // What arrived last is what the operation waited for.
  head->start_path = stage.array_path;
  if (stage.array_free < now_) {
    const Cycle moved = head->last_move ? head->last_move->completed : Cycle(-1);
    if (moved == now_) {
      head->start_path = head->last_move->path;
    } else if (*head->free_to_start == now_) {
      head->start_path = head->free_path;
    } else if (head->admitted_at == now_) {
      head->start_path = head->admitted_path;
    } else {
      head->start_path = trigger_;
    }
  }
  book_wait(stage.ledger, *head, now_);

  stage.busy = true;
  if (options_.observer != nullptr) options_.observer->operation_started(s, head->operation, now_);
  const ArrayOutcome& outcome = arrays_->execute(s, head->operation);
  head->steps = outcome.steps;
  head->operations = outcome.operations;
  totals_[head->operation.leaf].add(head->operation, outcome);
  std::int64_t demanded = 0;
  for (const ArrayLane& lane : head->operation.lanes) demanded += lane.operations.size();
  if (demanded != outcome.operations) {
    conservation_errors_.push_back(fmt::format("{}: {} operations demanded, {} executed",
                                               describe(*tree_, *schedule_, head->operation), demanded,
                                               outcome.operations));
  }
  holdings_.add_array_traffic(schedule_->leaves[head->operation.leaf], totals_[head->operation.leaf].points(),
                              outcome.traffic);
  return true;
}

void Sequencer::finish_array(StageIndex s) {
  StageState& stage = stages_[s];
  const ArraySpent job = arrays_->spent(s);
  StepSpent spent = job.steps;
  spent.stall[static_cast<std::size_t>(StallCause::noc)] += job.operand_delay;
  stage.result_delay = job.result_delay;
  stage.ledger.execute(spent.compute, spent.stall);
  stage.ledger.add_waits(spent.waits);
  stage.ledger.add_detail("noc.latency", job.operand_delay);
  if (stage.ledger.booked() != now_) {
    conservation_errors_.push_back(fmt::format("stage {}: booked up to cycle {} at cycle {}", schedule_->stages[s].name,
                                               stage.ledger.booked().value, now_.value));
  }
  const PendingTile& head = *stage.window.running();
  if (options_.observer != nullptr) {
    options_.observer->operation_ended({s, &head.operation, head.start, now_, head.steps, head.operations, spent});
  }
  PathCycles path = head.start_path;
  path.compute += spent.compute.value;
  for (std::size_t cause = 0; cause < stall_causes; ++cause) path.stall[cause] += spent.stall[cause].value;
  if (stage.writing > 0) {
    stage.waits_to_leave = path;
  } else {
    free_array(s, path);
  }
}

void Sequencer::free_array(StageIndex s, const PathCycles& path) {
  StageState& stage = stages_[s];
  PendingTile* const head = stage.window.running();
  stage.busy = false;
  stage.array_free = now_;
  stage.array_path = path;
  trigger_ = path;
  head->ended = true;
  head->end = now_ + options_.operation_latency + stage.result_delay;
  // Sums of an einsum reach their port one after the other: a short tile's do not overtake a long one's.
  Cycle& last = results_at_[head->operation.leaf];
  const Cycle behind = std::max(last - head->end, Cycle(0));
  last = head->end += behind;
  head->end_path = path;
  add(head->end_path, StallCause::dependency, options_.operation_latency);
  add(head->end_path, StallCause::noc, stage.result_delay + behind);
  retiring_.push_back(head);
}

/// A write-back has ended. Whoever waited behind it leaves the array now.
void Sequencer::note_written(StageIndex s) {
  StageState& stage = stages_[s];
  if (--stage.writing > 0 || !stage.waits_to_leave) return;
  stage.waits_to_leave.reset();
  stage.ledger.wait(now_, StallCause::writeback);
  free_array(s, trigger_);
}

void Sequencer::retire_due() {
  for (bool again = true; again;) {
    again = false;
    std::sort(retiring_.begin(), retiring_.end(), [](const PendingTile* a, const PendingTile* b) {
      return a->end != b->end ? a->end < b->end : a->operation.time < b->operation.time;
    });
    if (retiring_.empty() || retiring_.front()->end > now_) return;
    PendingTile* pending = retiring_.front();
    retiring_.erase(retiring_.begin());
    again = true;
    trigger_ = pending->end_path;
    note_completion(pending->end_path);
    const TileOperation& operation = pending->operation;
    if (functional_ != nullptr) functional_->executed(operation, *pending->plan, now_.value);
    if (options_.observer != nullptr) options_.observer->operation_retired(operation, *pending->plan, now_);
    const StageIndex s = schedule_->leaves[operation.leaf].stage;
    StageState& stage = stages_[s];
    stage.retired_at = now_;
    const std::vector<Move> drains = holdings_.retire(*pending->plan, stage.window.next_time(operation.leaf, pending));
    ++version_;
    const bool holds = options_.hold_results && !options_.ideal;
    if (holds) stage.writing += drains.size();
    const LeafIndex leaf = operation.leaf;
    const TimeIndex time = pending->operation.time;
    retired_early_.insert({time, {std::move(pending->operation), pending->steps}});
    stage.window.erase(*pending);
    fill_windows();
    update_progress(s, leaf);
    ahead_.come_to(frontier());
    feed_recurrence();
    issue(drains, nullptr, Transfer::Urgency::drain, holds ? std::optional(s) : std::nullopt);
    complete_transfers();
  }
}

bool Sequencer::wait_for_space(PendingTile& tile, LevelId level) {
  tile.hold(holdings_.writeback_pending(level) ? StallCause::writeback : StallCause::space, now_);
  return false;
}

/// Steps are fed to the recurrence in sequential order: what retires before the operations of an earlier time waits.
void Sequencer::feed_recurrence() {
  const TileOperation* first = nullptr;
  for (const StageState& stage : stages_) {
    if (stage.window.size() == 0) continue;
    const TileOperation& head = stage.window[0].operation;
    if (first == nullptr || head.time < first->time) first = &head;
  }
  auto next = retired_early_.begin();
  for (; next != retired_early_.end() && (first == nullptr || next->first < first->time); ++next) {
    recurrence_.add(next->second.operation, next->second.steps);
  }
  retired_early_.erase(retired_early_.begin(), next);
}

/// May the next operation of a stage start, as far as the others are concerned? If not, what keeps it is noted.
void Sequencer::take_turn(PendingTile& tile) {
  if (tile.free_to_start) return;
  const Turn turn = turns_.of(tile.operation);
  if (turn == Turn::now) {
    tile.free_to_start = now_;
    tile.free_path = trigger_;
    transfers_.urge(tile);
    return;
  }
  tile.blocked_by = std::nullopt;
  if (turn == Turn::dependency) tile.blocked_by = StallCause::dependency;
  if (turn == Turn::slot) tile.blocked_by = StallCause::space;
  if (!tile.admitted) tile.hold(tile.blocked_by, now_);
}

void Sequencer::step(Cycle now) {
  now_ = now;
  // 1. What arrays and movers have reported.
  std::sort(done_arrays_.begin(), done_arrays_.end());
  for (StageIndex stage : done_arrays_) finish_array(stage);
  done_arrays_.clear();
  complete_transfers();
  // 2. Results that are there by now: their iterations may end, their words leave, and the next operations come in.
  retire_due();
  fill_windows();
  for (bool again = true; again;) {
    again = false;
    // 3. Whose turn it is: only the next operation of a stage is asked whether it may start.
    std::size_t deepest = 0;
    std::vector<std::pair<const TileOperation*, StageIndex>> heads;
    for (StageIndex s = 0; s < stages_.size(); ++s) {
      TileWindow& window = stages_[s].window;
      deepest = std::max(deepest, window.size());
      if (PendingTile* next = window.next_to_start()) {
        take_turn(*next);
        heads.emplace_back(&next->operation, s);
      }
    }
    std::sort(heads.begin(), heads.end(), [](const auto& a, const auto& b) { return a.first->time < b.first->time; });
    // 4. Space for operations and their fills, in sequential order, the stages' first ones before their second ones.
    for (std::size_t position = 0; position < deepest; ++position) {
      for (const auto& [operation, s] : heads) {
        if (position < stages_[s].window.size()) again |= try_admit(s, position);
      }
    }
    // 5. Fills that took no time.
    complete_transfers();
    // 6. The arrays start on what has its words.
    for (const auto& [operation, s] : heads) again |= try_start(s);
  }
  if (options_.observer != nullptr) observe_held_words();
}

std::optional<Cycle> Sequencer::next_wakeup() const {
  std::optional<Cycle> next;
  for (const PendingTile* pending : retiring_) {
    if (!next || pending->end < *next) next = pending->end;
  }
  return next;
}

bool Sequencer::finished() const {
  if (!transfers_.empty() || !retiring_.empty()) return false;
  return std::all_of(stages_.begin(), stages_.end(), [](const StageState& stage) { return stage.window.done(); });
}

std::vector<StageAccount> Sequencer::accounts() {
  std::vector<StageAccount> result;
  for (StageState& stage : stages_) result.push_back(stage.ledger.close(last_completion_));
  return result;
}

}  // namespace loopsim
