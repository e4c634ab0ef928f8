#include "trace/TraceSet.hpp"

#include <algorithm>

#include "trace/TraceFormats.hpp"

namespace loopsim {

TraceSet::TraceSet(const std::vector<TraceRequest>& requests, const std::filesystem::path& folder,
                   const TraceLimits& limits, TraceFolderKeeper& keeper)
    : keeper_(&keeper) {
  for (const TraceRequest& request : requests) {
    for (auto& trace : request.format->make(request, folder, limits)) traces_.push_back(std::move(trace));
  }
  for (const auto& trace : traces_) told_.push_back(trace.get());
}

void TraceSet::operation_checked() {
  for (RunObserver* observer : told_) observer->operation_checked();
}

void TraceSet::begin(const ObservedRun& run) {
  keeper_->before_traces();
  for (RunObserver* observer : told_) observer->begin(run);
  keeper_->traces_begun();
}

void TraceSet::transfer_issued(const Transfer& transfer, Cycle now) {
  for (RunObserver* observer : told_) observer->transfer_issued(transfer, now);
}

void TraceSet::transfer_submitted(const Transfer& transfer) {
  for (RunObserver* observer : told_) observer->transfer_submitted(transfer);
}

void TraceSet::transfer_completed(const Transfer& transfer, const std::vector<OperationId>& users) {
  for (RunObserver* observer : told_) observer->transfer_completed(transfer, users);
}

void TraceSet::operation_admitted(StageIndex stage, const TileOperation& operation, int fills, Cycle now) {
  for (RunObserver* observer : told_) observer->operation_admitted(stage, operation, fills, now);
}

void TraceSet::operation_started(StageIndex stage, const TileOperation& operation, Cycle now) {
  for (RunObserver* observer : told_) observer->operation_started(stage, operation, now);
}

void TraceSet::operation_ended(const OperationRecord& record) {
  for (RunObserver* observer : told_) observer->operation_ended(record);
}

void TraceSet::operation_retired(const TileOperation& operation, const Plan& plan, Cycle now) {
  for (RunObserver* observer : told_) observer->operation_retired(operation, plan, now);
}

void TraceSet::words_released(HoldingIndex node, const Place& place, const PointSet& words, Cycle now) {
  for (RunObserver* observer : told_) observer->words_released(node, place, words, now);
}

bool TraceSet::wants_steps() const {
  return std::any_of(told_.begin(), told_.end(), [](const RunObserver* observer) { return observer->wants_steps(); });
}

void TraceSet::steps_taken(StageIndex stage, const StepTrain& train) {
  for (RunObserver* observer : told_) observer->steps_taken(stage, train);
}

void TraceSet::words_held(LevelId level, Words words, Cycle now) {
  for (RunObserver* observer : told_) observer->words_held(level, words, now);
}

void TraceSet::memory_burst(Picoseconds time, std::int64_t bytes, bool write) {
  for (RunObserver* observer : told_) observer->memory_burst(time, bytes, write);
}

void TraceSet::dram_request(const DramRequestRecord& request) {
  for (RunObserver* observer : told_) observer->dram_request(request);
}

void TraceSet::dram_command(std::uint32_t channel, const DramCommandRecord& command) {
  for (RunObserver* observer : told_) observer->dram_command(channel, command);
}

void TraceSet::dram_commands_known(Picoseconds until) {
  for (RunObserver* observer : told_) observer->dram_commands_known(until);
}

void TraceSet::finish(const TraceEnd& end) {
  for (const auto& trace : traces_) {
    trace->finish(end);
    keeper_->trace_finished();
  }
}

void TraceSet::end(Cycle now) {
  finish({now, std::nullopt});
  for (RunObserver* observer : told_) observer->end(now);
}

void TraceSet::cut(Cycle now, const char* reason) {
  finish({now, reason});
  for (RunObserver* observer : told_) observer->cut(now, reason);
}

std::vector<std::string> TraceSet::warnings() const {
  std::vector<std::string> all;
  for (const auto& trace : traces_) all.insert(all.end(), trace->warnings().begin(), trace->warnings().end());
  return all;
}

}  // namespace loopsim
