#include "sim/machine/Sequencer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace loopsim {

namespace {

void add(PathCycles& path, StallCause cause, Cycle cycles) { path.stall[static_cast<std::size_t>(cause)] += cycles.value; }

std::string describe(const BoundTree& tree, const Schedule& schedule, const TileOperation& operation) {
  return fmt::format("{} tile [{}]", tree.graph.einsums[schedule.leaves[operation.leaf].einsum].name,
                     fmt::join(operation.time, ", "));
}

}  // namespace

Sequencer::Sequencer(const BoundTree& tree, const Schedule& schedule, Options options, TransferSink& transfers,
                     ArraySink& arrays, FunctionalModel* functional)
    : tree_(&tree),
      schedule_(&schedule),
      options_(std::move(options)),
      transfers_(&transfers),
      arrays_(&arrays),
      functional_(functional),
      holdings_(tree, schedule),
      recurrence_(schedule) {
  if (functional_ != nullptr) {
    holdings_.on_release = [this](HoldingIndex node, const Place& place, const PointSet& words) {
      functional_->released(node, place, words);
    };
  }
  for (const Leaf& leaf : schedule.leaves) {
    executors_.emplace_back(tree, leaf.program);
    points_.push_back(traffic_points(tree, leaf.program));
    std::size_t times = 0;
    std::size_t places = 0;
    if (!leaf.branches.empty()) {
      for (NodeId above : indices_above(tree, leaf.branches.front().node)) {
        ++(tree.nodes[above].kind == NodeKind::spatial ? places : times);
      }
    }
    tile_prefix_.push_back(times);
    tile_place_.push_back(places);
  }
  totals_.resize(schedule.leaves.size());
  progress_.resize(schedule.leaves.size());
  for (const Stage& stage : schedule.stages) {
    stages_.emplace_back(stage.name);
    stages_.back().order = std::make_unique<SequentialOrder>(tree, schedule, stage.leaves);
    for (LeafIndex leaf : stage.leaves) holdings_.start(leaf, stages_.back().order->next_time(leaf));
  }
  for (StageIndex s = 0; s < stages_.size(); ++s) {
    for (LeafIndex leaf : schedule.stages[s].leaves) update_progress(s, leaf);
  }
}

void Sequencer::update_progress(StageIndex s, LeafIndex leaf) {
  StageState& stage = stages_[s];
  for (const auto& pending : stage.window) {
    if (pending->operation.leaf == leaf) {
      progress_[leaf] = pending->operation.iteration;
      return;
    }
  }
  const TileOperation* next = stage.order->stream(leaf).peek(0);
  progress_[leaf] = next == nullptr ? std::nullopt : std::optional(next->iteration);
}

void Sequencer::fill_windows() {
  for (StageState& stage : stages_) {
    while (static_cast<std::int64_t>(stage.window.size()) <= options_.prefetch && stage.order->peek() != nullptr) {
      auto pending = std::make_unique<Pending>();
      pending->operation = stage.order->take();
      pending->holds.push_back({now_, StallCause::dependency});
      stage.window.push_back(std::move(pending));
    }
  }
}

/// The first operation not retired in sequential order: it can always go on, whatever the others hold (see
/// MinimumSpace), so nothing ever waits in a circle.
Sequencer::Pending* Sequencer::frontier() {
  Pending* first = nullptr;
  for (StageState& stage : stages_) {
    for (const auto& pending : stage.window) {
      if (pending->ended) continue;
      if (first == nullptr || pending->operation.time < first->operation.time) first = pending.get();
      break;
    }
  }
  return first;
}

/// The stage of an einsum under the child that has not finished its first `iterations` iterations, if there is one.
std::optional<StageIndex> Sequencer::unfinished_stage(NodeId branch, std::size_t child, std::int64_t iterations) const {
  for (LeafIndex l = 0; l < schedule_->leaves.size(); ++l) {
    if (!progress_[l]) continue;
    const Leaf& leaf = schedule_->leaves[l];
    for (std::size_t b = 0; b < leaf.branches.size(); ++b) {
      const BranchStep& step = leaf.branches[b];
      if (step.node == branch && step.child == child && (*progress_[l])[b] < iterations) return leaf.stage;
    }
  }
  return std::nullopt;
}

Sequencer::Turn Sequencer::turn(const Pending& pending) const {
  const Leaf& leaf = schedule_->leaves[pending.operation.leaf];
  for (std::size_t b = 0; b < leaf.branches.size(); ++b) {
    const BranchStep& step = leaf.branches[b];
    const std::int64_t iteration = pending.operation.iteration[b];
    if (step.kind == NodeKind::sequential) {
      const std::size_t children = tree_->nodes[step.node].children.size();
      for (std::size_t child = 0; child < children; ++child) {
        if (child == step.child) continue;
        const auto unfinished = unfinished_stage(step.node, child, child < step.child ? iteration + 1 : iteration);
        // Results of its own array are on their way; another array's turn leaves it idle.
        if (unfinished) return *unfinished == leaf.stage ? Turn::dependency : Turn::idle;
      }
    } else {
      for (std::size_t child : step.producers) {
        if (unfinished_stage(step.node, child, iteration + 1)) return Turn::dependency;
      }
      for (std::size_t child : step.consumers) {
        if (unfinished_stage(step.node, child, iteration - 1)) return Turn::slot;
      }
    }
  }
  return Turn::now;
}

void Sequencer::hold(Pending& pending, std::optional<StallCause> cause) {
  if (pending.holds.empty() || pending.holds.back().cause != cause) pending.holds.push_back({now_, cause});
}

bool Sequencer::try_admit(StageIndex s, std::size_t position) {
  StageState& stage = stages_[s];
  Pending& pending = *stage.window[position];
  if (pending.admitted) return false;
  for (std::size_t earlier = 0; earlier < position; ++earlier) {
    if (!stage.window[earlier]->admitted) return false;
  }
  const bool first = frontier() == &pending;
  if (!pending.free_to_start && options_.prefetch == 0) return false;
  if (pending.planned_at != version_) {
    pending.plan = holdings_.plan(pending.operation);
    pending.planned_at = version_;
  } else if (!first) {
    return false;  // nothing has changed since it was refused
  }
  if (!pending.free_to_start && !pending.plan->sources_ready) {
    hold(pending, StallCause::dependency);
    return false;
  }
  if (!options_.ideal) {
    std::map<LevelId, std::int64_t> most;
    for (const auto& [instance, bits] : pending.plan->bits) {
      const auto& [level, place] = instance;
      most[level] = std::max(most[level], bits);
      const auto free = holdings_.free_bits(level, place);
      if (!free) continue;
      const std::int64_t size = *tree_->architecture.memories[level.value].size_bits;
      const auto minimum = options_.minimum_bits.find(level);
      const std::int64_t spare = size - (minimum == options_.minimum_bits.end() ? 0 : minimum->second);
      if (bits > *free || (!first && ahead_bits_[level] + bits > spare)) {
        hold(pending, holdings_.writeback_pending(level) ? StallCause::writeback : StallCause::space);
        return false;
      }
    }
    if (!first) {
      for (const auto& [level, bits] : most) ahead_bits_[level] += bits;
    }
  }
  pending.admitted = true;
  pending.admitted_at = now_;
  pending.admitted_path = trigger_;
  issue(holdings_.admit(*pending.plan), &pending,
        pending.free_to_start && position == 0 ? Transfer::Urgency::demand_fill : Transfer::Urgency::prefetch);
  ++version_;
  return true;
}

void Sequencer::issue(std::vector<Move> moves, Pending* owner, Transfer::Urgency urgency) {
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
    const std::int64_t child_bits = most * word_bits(*tree_, child.tensor, child.level);
    const std::int64_t parent_bits = (fill ? move.read : move.written).value * word_bits(*tree_, parent.tensor, parent.level);
    transfer->source_bits = fill ? parent_bits : child_bits;
    transfer->destination_bits = fill ? child_bits : parent_bits;
    transfer->move = std::move(move);
    transfer->issued = now_;
    transfer->path = trigger_;
    Live live;
    if (owner != nullptr) {
      live.waiting.push_back(owner);
      ++owner->moves_left;
    }
    live.transfer = std::move(transfer);
    const std::int64_t number = live.transfer->number;
    live_.emplace(number, std::move(live));
  }
  submit_ready();
}

void Sequencer::submit_ready() {
  for (auto& [number, live] : live_) {
    if (live.submitted || !holdings_.source_ready(live.transfer->move)) continue;
    live.submitted = true;
    Transfer& transfer = *live.transfer;
    if (transfer.issued < now_) {
      // Its words were still being made or written back.
      transfer.path = trigger_;
      transfer.issued = now_;
    }
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
      if (functional_ != nullptr) functional_->moved(transfer->move, now_.value);
      holdings_.complete(transfer->move);
      for (Pending* waiting : live.waiting) {
        --waiting->moves_left;
        waiting->last_move = Arrival{transfer->issued, transfer->left_memory, transfer->completed, transfer->path};
      }
      const bool drain = transfer->move.kind == Move::Kind::drain;
      ++version_;
      if (drain) issue(holdings_.close_pending(), nullptr, Transfer::Urgency::drain);
      submit_ready();
    }
  }
}

void Sequencer::note_completion(const PathCycles& path) {
  if (now_ < last_completion_) return;
  last_completion_ = now_;
  last_path_ = path;
}

bool Sequencer::try_start(StageIndex s) {
  StageState& stage = stages_[s];
  if (stage.busy) return false;
  Pending* head = nullptr;
  for (const auto& pending : stage.window) {
    if (!pending->started) {
      head = pending.get();
      break;
    }
  }
  if (head == nullptr || !head->admitted || !head->free_to_start || head->moves_left > 0) return false;
  if (head->checked_inputs == version_) return false;
  if (!holdings_.inputs_ready(*head->plan)) {
    head->checked_inputs = version_;
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
  book_wait(stage, *head);

  const ArrayOutcome& outcome = executors_[head->operation.leaf].execute(head->operation.lanes, head->operation.follows_previous);
  head->steps = outcome.steps;
  count(head->operation, outcome);
  stage.busy = true;
  arrays_->execute({s, &outcome});
  return true;
}

/// Books the time between the array's last operation and this one.
void Sequencer::book_wait(StageState& stage, const Pending& pending) {
  const std::optional<Arrival>& last = pending.last_move;
  const Cycle moved = last ? last->completed : Cycle(-1);
  if (*pending.free_to_start > moved && *pending.free_to_start >= pending.admitted_at) {
    stage.ledger.wait(now_, pending.blocked_by);
    return;
  }
  // Not admitted yet, by what held it; then on its way; each part only as far as it lies after what is booked.
  for (std::size_t i = 0; i < pending.holds.size(); ++i) {
    const Cycle until = i + 1 < pending.holds.size() ? pending.holds[i + 1].since : pending.admitted_at;
    stage.ledger.wait(std::min(until, pending.admitted_at), pending.holds[i].cause);
  }
  if (last) {
    stage.ledger.wait(last->issued, StallCause::dependency);
    stage.ledger.wait(last->left_memory, StallCause::dram);
    stage.ledger.wait(last->completed, StallCause::glb);
  }
  stage.ledger.wait(now_, StallCause::dependency);
}

void Sequencer::finish_array(StageIndex s) {
  StageState& stage = stages_[s];
  Pending* head = nullptr;
  for (const auto& pending : stage.window) {
    if (pending->started && !pending->ended) head = pending.get();
  }
  stage.busy = false;
  const PortCore::Spent spent = arrays_->spent(s);
  stage.ledger.execute(spent.compute, spent.stall);
  if (stage.ledger.booked() != now_) {
    conservation_errors_.push_back(fmt::format("stage {}: booked up to cycle {} at cycle {}", schedule_->stages[s].name,
                                               stage.ledger.booked().value, now_.value));
  }
  PathCycles path = head->start_path;
  path.compute += spent.compute.value;
  for (std::size_t cause = 0; cause < stall_causes; ++cause) path.stall[cause] += spent.stall[cause].value;
  stage.array_free = now_;
  stage.array_path = path;
  trigger_ = path;
  head->ended = true;
  head->end = now_ + options_.operation_latency;
  head->end_path = path;
  add(head->end_path, StallCause::dependency, options_.operation_latency);
  retiring_.push_back(head);
}

void Sequencer::retire_due() {
  for (bool again = true; again;) {
    again = false;
    std::sort(retiring_.begin(), retiring_.end(), [](const Pending* a, const Pending* b) {
      return a->end != b->end ? a->end < b->end : a->operation.time < b->operation.time;
    });
    if (retiring_.empty() || retiring_.front()->end > now_) return;
    Pending* pending = retiring_.front();
    retiring_.erase(retiring_.begin());
    again = true;
    trigger_ = pending->end_path;
    note_completion(pending->end_path);
    const TileOperation& operation = pending->operation;
    if (functional_ != nullptr) functional_->executed(operation, *pending->plan, now_.value);
    const StageIndex s = schedule_->leaves[operation.leaf].stage;
    StageState& stage = stages_[s];
    std::optional<TimeIndex> next;
    for (const auto& other : stage.window) {
      if (other.get() != pending && other->operation.leaf == operation.leaf && !next) next = other->operation.time;
    }
    if (!next) next = stage.order->next_time(operation.leaf);
    const std::vector<Move> drains = holdings_.retire(*pending->plan, next);
    ++version_;
    const LeafIndex leaf = operation.leaf;
    const auto mine = std::find_if(stage.window.begin(), stage.window.end(), [&](const auto& p) { return p.get() == pending; });
    retired_early_.emplace_back(std::move(pending->operation), pending->steps);
    stage.window.erase(mine);
    fill_windows();
    update_progress(s, leaf);
    recount_ahead();
    feed_recurrence();
    issue(drains, nullptr, Transfer::Urgency::drain);
    complete_transfers();
  }
}

/// Space that operations have taken ahead of their turn in sequential order.
void Sequencer::recount_ahead() {
  if (options_.ideal) return;
  ahead_bits_.clear();
  const Pending* first = frontier();
  for (const StageState& stage : stages_) {
    for (const auto& pending : stage.window) {
      if (!pending->admitted || pending.get() == first) continue;
      std::map<LevelId, std::int64_t> most;
      for (const auto& [instance, bits] : pending->plan->bits) most[instance.first] = std::max(most[instance.first], bits);
      for (const auto& [level, bits] : most) ahead_bits_[level] += bits;
    }
  }
}

void Sequencer::feed_recurrence() {
  const Pending* first = nullptr;
  for (const StageState& stage : stages_) {
    if (stage.window.empty()) continue;
    const Pending* head = stage.window.front().get();
    if (first == nullptr || head->operation.time < first->operation.time) first = head;
  }
  std::sort(retired_early_.begin(), retired_early_.end(), [](const auto& a, const auto& b) { return a.first.time < b.first.time; });
  std::size_t settled = 0;
  while (settled < retired_early_.size() && (first == nullptr || retired_early_[settled].first.time < first->operation.time)) {
    recurrence_.add(retired_early_[settled].first, retired_early_[settled].second);
    ++settled;
  }
  retired_early_.erase(retired_early_.begin(), retired_early_.begin() + static_cast<std::ptrdiff_t>(settled));
}

void Sequencer::count(const TileOperation& operation, const ArrayOutcome& outcome) {
  EinsumTotals& totals = totals_[operation.leaf];
  const auto add_to = [](auto& list, std::vector<Coordinate> key, std::int64_t amount) {
    if (!list.empty() && list.back().first == key) {
      list.back().second += amount;
      return;
    }
    const auto same = std::find_if(list.rbegin(), list.rend(), [&](const auto& item) { return item.first == key; });
    if (same != list.rend()) {
      same->second += amount;
    } else {
      list.emplace_back(std::move(key), amount);
    }
  };
  const auto time_end = operation.time.begin() + static_cast<std::ptrdiff_t>(tile_prefix_[operation.leaf]);
  const std::vector<Coordinate> time(operation.time.begin(), time_end);
  std::int64_t operations = 0;
  // The indices above the outermost branch in row-major order, spatial ones included.
  const auto& branches = schedule_->leaves[operation.leaf].branches;
  for (const ArrayLane& lane : operation.lanes) {
    operations += lane.operations.size();
    totals.distinct.unite(lane.operations);
    std::vector<Coordinate> key;
    if (!branches.empty()) {
      auto from_time = time.begin();
      auto from_place = lane.place.begin();
      for (NodeId above : indices_above(*tree_, branches.front().node)) {
        key.push_back(tree_->nodes[above].kind == NodeKind::spatial ? *from_place++ : *from_time++);
      }
    }
    if (!lane.operations.empty()) add_to(totals.operations_per_tile, std::move(key), lane.operations.size());
  }
  add_to(totals.steps_per_tile, time, outcome.steps);
  if (operations != outcome.operations) {
    conservation_errors_.push_back(fmt::format("{}: {} operations demanded, {} executed", describe(*tree_, *schedule_, operation),
                                               operations, outcome.operations));
  }
  totals.operations += outcome.operations;
  totals.steps += outcome.steps;
  const std::vector<TrafficPoint>& points = points_[operation.leaf];
  totals.traffic.resize(points.size());
  for (std::size_t p = 0; p < points.size(); ++p) {
    ArrayTraffic& sum = totals.traffic[p];
    const ArrayTraffic& one = outcome.traffic[p];
    sum.touched_fills += one.touched_fills;
    sum.touched_parent += one.touched_parent;
    sum.touched_max_occupancy = std::max(sum.touched_max_occupancy, one.touched_max_occupancy);
    sum.peers += one.peers;
    sum.moved_fills += one.moved_fills;
    sum.moved_parent += one.moved_parent;
    sum.first_updates += one.first_updates;
    sum.reduction_starts += one.reduction_starts;
  }
  holdings_.add_array_traffic(schedule_->leaves[operation.leaf], points, outcome.traffic);
}

void Sequencer::step(Cycle now) {
  now_ = now;
  std::sort(done_arrays_.begin(), done_arrays_.end());
  for (StageIndex stage : done_arrays_) finish_array(stage);
  done_arrays_.clear();
  complete_transfers();
  retire_due();
  fill_windows();
  for (bool again = true; again;) {
    again = false;
    std::size_t deepest = 0;
    std::vector<std::pair<const TileOperation*, StageIndex>> heads;
    for (StageIndex s = 0; s < stages_.size(); ++s) {
      StageState& stage = stages_[s];
      deepest = std::max(deepest, stage.window.size());
      for (std::size_t i = 0; i < stage.window.size(); ++i) {
        Pending& pending = *stage.window[i];
        if (pending.started) continue;
        if (!pending.free_to_start) {
          const Turn now_turn = turn(pending);
          if (now_turn == Turn::now) {
            pending.free_to_start = now_;
            pending.free_path = trigger_;
            for (auto& [number, live] : live_) {
              if (std::find(live.waiting.begin(), live.waiting.end(), &pending) != live.waiting.end()) {
                live.transfer->urgency = std::min(live.transfer->urgency, Transfer::Urgency::demand_fill);
              }
            }
          } else {
            pending.blocked_by = std::nullopt;
            if (now_turn == Turn::dependency) pending.blocked_by = StallCause::dependency;
            if (now_turn == Turn::slot) pending.blocked_by = StallCause::space;
            if (!pending.admitted) hold(pending, pending.blocked_by);
          }
        }
        heads.emplace_back(&pending.operation, s);
        break;  // only the next operation of a stage is asked whether it may start
      }
    }
    std::sort(heads.begin(), heads.end(), [](const auto& a, const auto& b) { return a.first->time < b.first->time; });
    for (std::size_t position = 0; position < deepest; ++position) {
      for (const auto& [operation, s] : heads) {
        if (position < stages_[s].window.size()) again |= try_admit(s, position);
      }
    }
    complete_transfers();
    for (const auto& [operation, s] : heads) again |= try_start(s);
  }
}

std::optional<Cycle> Sequencer::next_wakeup() const {
  std::optional<Cycle> next;
  for (const Pending* pending : retiring_) {
    if (!next || pending->end < *next) next = pending->end;
  }
  return next;
}

bool Sequencer::finished() const {
  if (!live_.empty() || !retiring_.empty()) return false;
  return std::all_of(stages_.begin(), stages_.end(), [](const StageState& stage) {
    return stage.window.empty() && stage.order->peek() == nullptr;
  });
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
                        live.transfer->move.kind == Move::Kind::fill ? "fill" : "write-back", live.transfer->move.read.value,
                        tree_->graph.tensors[holdings_.nodes()[live.transfer->move.child].tensor].name,
                        live.submitted ? "the memory" : "its source");
  }
  return text;
}

std::vector<StageAccount> Sequencer::accounts() {
  std::vector<StageAccount> result;
  for (StageState& stage : stages_) result.push_back(stage.ledger.close(last_completion_));
  return result;
}

}  // namespace loopsim
