#include "trace/timeline/TimelineTrace.hpp"

#include <fmt/format.h>
#include <iterator>

namespace loopsim {

TimelineTrace::TimelineTrace(MakeWriter make_writer, TimelineLevel level, TraceLimits limits)
    : make_writer_(std::move(make_writer)), level_(level), limits_(limits) {}

void TimelineTrace::begin(const ObservedRun& run) {
  run_ = run;
  writer_ = make_writer_();
  names_.emplace(run, *writer_);
  open_operations_.resize(run.schedule->stages.size());
  if (level_ == TimelineLevel::layer) {
    layers_.emplace(run);
    return;
  }
  flows_.emplace(*run.tree, *run.schedule);
  const TrackId stages = writer_->add_group("PE array");
  for (const Stage& stage : run.schedule->stages) stage_tracks_.push_back(writer_->add_track(stage.name, stages));
  if (level_ != TimelineLevel::transfer) return;
  if (!run.tree->architecture.memories.front().bandwidth.unlimited()) bandwidth_.emplace(*writer_);
  if (run.dram) dram_.emplace(*run_, *names_, *writer_, limits_);
}

/// From the limit on nothing more is written.
bool TimelineTrace::full(Cycle now) {
  if (!full_at_ && writer_->size() >= limits_.most_bytes) {
    full_at_ = now;
    warn_of_size(writer_->file_name(), limits_, now);
  }
  return full_at_.has_value();
}

TimelineSlice& TimelineTrace::new_slice(TrackId track, TimelineNameId name, Cycle begin, Cycle end) {
  slice_.track = track;
  slice_.name = name;
  slice_.begin = at(begin);
  slice_.end = at(end);
  slice_.flows.clear();
  slice_.arguments.clear();
  slice_.arguments.push_back({names_->cycle, begin.value, {}});
  slice_.arguments.push_back({names_->cycles, (end - begin).value, {}});
  return slice_;
}

TrackId TimelineTrace::track_of(const OpenTransfer& transfer) {
  MoveRoute route = transfer.route;
  route.tensor = TensorId();  // tensors share the slots
  return slot_tracks_.at(route).track(transfer.slot, *writer_);
}

void TimelineTrace::transfer_submitted(const Transfer& transfer) {
  if (layers_) return;
  OpenTransfer open{route_of(transfer, *run_), 0, transfer.issued};
  MoveRoute lanes = open.route;
  lanes.tensor = TensorId();
  auto slots = slot_tracks_.find(lanes);
  if (slots == slot_tracks_.end()) slots = slot_tracks_.emplace(lanes, SlotTracks(describe(lanes, *run_))).first;
  open.slot = slots->second.take();
  open_transfers_.emplace(transfer.number, open);
}

void TimelineTrace::transfer_completed(const Transfer& transfer, const std::vector<OperationId>& users) {
  const bool wanted = limits_.meets(transfer.issued, transfer.completed) && !full(transfer.completed);
  if (layers_) {
    if (wanted) layers_->add(route_of(transfer, *run_), transfer);
    return;
  }
  const auto found = open_transfers_.find(transfer.number);
  const OpenTransfer open = found->second;
  open_transfers_.erase(found);
  MoveRoute lanes = open.route;
  lanes.tensor = TensorId();
  slot_tracks_.at(lanes).release(open.slot);
  if (!wanted) return;
  const TrackId track = track_of(open);
  const bool fill = open.route.kind == Move::Kind::fill;
  TimelineSlice& slice =
      new_slice(track, (fill ? names_->fills : names_->drains)[open.route.tensor], transfer.issued, transfer.completed);
  slice.arguments.push_back({names_->tensor, 0, run_->tree->graph.tensors[open.route.tensor].name});
  slice.arguments.push_back({names_->einsum, 0, run_->tree->graph.einsums[transfer.move.einsum].name});
  slice.arguments.push_back({names_->words_read, transfer.move.read.value, {}});
  slice.arguments.push_back({names_->words_written, transfer.move.written.value, {}});
  slice.arguments.push_back({names_->source_bits, transfer.source_bits, {}});
  slice.arguments.push_back({names_->destination_bits, transfer.destination_bits, {}});
  if (!users.empty()) slice.flows.push_back(flows_->transfer_completed(transfer.number, users));
  writer_->slice(slice);
  if (level_ == TimelineLevel::transfer) write_parts(transfer, track);
}

/// What of a transfer's time was spent where, below its slice.
void TimelineTrace::write_parts(const Transfer& transfer, TrackId track) {
  const auto part = [&](TimelineNameId name, Cycle begin, Cycle end) {
    if (begin < end) writer_->slice(new_slice(track, name, begin, end));
  };
  if (transfer.history) {
    Cycle begin = transfer.history->issued;
    for (std::size_t delay = 0; delay < memory_delays; ++delay) {
      part(names_->delays[delay], begin, transfer.history->until[delay]);
      begin = transfer.history->until[delay];
    }
  } else {
    part(names_->memory, transfer.issued, transfer.left_memory);
  }
  part(names_->buffer, transfer.left_memory, transfer.completed);
}

void TimelineTrace::operation_started(StageIndex stage, const TileOperation& operation, Cycle now) {
  open_operations_[stage] = OpenOperation{operation.leaf, now};
}

void TimelineTrace::operation_ended(const OperationRecord& record) {
  open_operations_[record.stage].reset();
  const bool wanted = limits_.meets(record.start, record.end) && !full(record.end);
  if (layers_) {
    if (wanted) layers_->add(record);
    return;
  }
  TimelineSlice& slice =
      new_slice(stage_tracks_[record.stage], names_->einsums[record.operation->leaf], record.start, record.end);
  flows_->operation_ended(*record.operation, slice.flows);
  if (!wanted) return;
  tile_ = "[";
  for (const Coordinate index : record.operation->time) {
    if (tile_.size() > 1) tile_ += ", ";
    tile_ += fmt::format_int(index).c_str();
  }
  tile_ += ']';
  slice.arguments.push_back({names_->tile, 0, tile_});
  slice.arguments.push_back({names_->operations, record.operations, {}});
  slice.arguments.push_back({names_->steps, record.steps, {}});
  slice.arguments.push_back({names_->compute_cycles, record.spent.compute.value, {}});
  for (std::size_t cause = 0; cause < stall_causes; ++cause) {
    const Cycle stalled = record.spent.stall[cause];
    if (stalled.value > 0) slice.arguments.push_back({names_->stalls[cause], stalled.value, {}});
  }
  writer_->slice(slice);
}

void TimelineTrace::words_held(LevelId level, Words words, Cycle now) {
  if (layers_) return;
  Held& held = held_[level];
  // What was held when the window begins.
  if (!held.written && now > limits_.from && now < limits_.to) write_held(level, held, limits_.from);
  held.words = words;
  if (limits_.contains(now)) write_held(level, held, now);
}

void TimelineTrace::write_held(LevelId level, Held& held, Cycle now) {
  if (full(now)) return;
  if (!held.track) {
    if (!held_group_) held_group_ = writer_->add_group("buffers");
    held.track =
        writer_->add_counter(run_->tree->architecture.memories[level.value].name + " held", "words", *held_group_);
  }
  writer_->counter(*held.track, at(now), held.words.value);
  held.written = true;
}

void TimelineTrace::dram_request(const DramRequestRecord& request) {
  if (run_->dram) memory_burst(request.time, run_->dram->memory->burst_bytes(), request.write);
}

void TimelineTrace::memory_burst(Picoseconds time, std::int64_t bytes, bool write) {
  const Cycle now = run_->clock.edge(time);
  if (bandwidth_ && limits_.contains(now) && !full(now)) bandwidth_->add(time, bytes, write);
}

void TimelineTrace::dram_command(std::uint32_t channel, const DramCommandRecord& command) {
  if (dram_ && !full_at_) dram_->command(channel, command);
}

/// What was under way when the run was cut, up to there.
void TimelineTrace::close_open(Cycle now) {
  for (StageIndex stage = 0; stage < open_operations_.size(); ++stage) {
    const auto& open = open_operations_[stage];
    if (!open || layers_ || !limits_.meets(open->start, now)) continue;
    TimelineSlice& slice = new_slice(stage_tracks_[stage], names_->einsums[open->leaf], open->start, now);
    slice.arguments.push_back({names_->cut, 1, {}});
    writer_->slice(slice);
  }
  for (const auto& [number, open] : open_transfers_) {
    if (!limits_.meets(open.issued, now)) continue;
    const bool fill = open.route.kind == Move::Kind::fill;
    TimelineSlice& slice =
        new_slice(track_of(open), (fill ? names_->fills : names_->drains)[open.route.tensor], open.issued, now);
    slice.arguments.push_back({names_->cut, 1, {}});
    writer_->slice(slice);
  }
}

void TimelineTrace::finish(const TraceEnd& end) {
  if (!writer_) return;
  if (!full_at_) {
    close_open(end.at);
    if (dram_) dram_->finish(at(end.at));
    if (bandwidth_) bandwidth_->finish();
  }
  if (layers_) layers_->write(*run_, *names_, *writer_);
  if (full_at_) writer_->mark("cut: size limit reached", at(*full_at_));
  if (end.cut) writer_->mark("cut: " + *end.cut, at(end.at));
  writer_->finish();
}

}  // namespace loopsim
