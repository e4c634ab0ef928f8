#include "trace/TraceSet.hpp"

#include <algorithm>

#include "trace/timeline/ChromeWriter.hpp"
#include "trace/timeline/PerfettoWriter.hpp"
#include "trace/timeline/Timeline.hpp"

namespace loopsim {

namespace {

std::unique_ptr<Trace> make_trace(const TraceRequest& request, const std::filesystem::path& folder,
                                  const TraceLimits& limits) {
  switch (request.kind) {
    case TraceKind::perfetto:
      return std::make_unique<Timeline>([folder] { return std::make_unique<PerfettoWriter>(folder); }, request.level,
                                        limits);
    case TraceKind::chrome:
      return std::make_unique<Timeline>([folder] { return std::make_unique<ChromeWriter>(folder); }, request.level,
                                        limits);
    case TraceKind::vcd:
    case TraceKind::dram:
    case TraceKind::scalesim:
      break;
  }
  return nullptr;
}

}  // namespace

TraceSet::TraceSet(const std::vector<TraceRequest>& requests, const std::filesystem::path& folder,
                   const TraceLimits& limits) {
  for (const TraceRequest& request : requests) traces_.push_back(make_trace(request, folder, limits));
}

void TraceSet::begin(const ObservedRun& run) {
  begun_ = true;
  for (const auto& trace : traces_) trace->begin(run);
}

void TraceSet::transfer_submitted(const Transfer& transfer) {
  now_ = transfer.issued;
  for (const auto& trace : traces_) trace->transfer_submitted(transfer);
}

void TraceSet::transfer_completed(const Transfer& transfer, const std::vector<OperationId>& users) {
  now_ = transfer.completed;
  for (const auto& trace : traces_) trace->transfer_completed(transfer, users);
}

void TraceSet::operation_started(StageIndex stage, const TileOperation& operation, Cycle now) {
  now_ = now;
  for (const auto& trace : traces_) trace->operation_started(stage, operation, now);
}

void TraceSet::operation_ended(const OperationRecord& record) {
  now_ = record.end;
  for (const auto& trace : traces_) trace->operation_ended(record);
}

void TraceSet::words_held(LevelId level, Words words, Cycle now) {
  now_ = now;
  for (const auto& trace : traces_) trace->words_held(level, words, now);
}

void TraceSet::dram_request(const DramRequestRecord& request) {
  for (const auto& trace : traces_) trace->dram_request(request);
}

void TraceSet::dram_command(std::uint32_t channel, const DramCommandRecord& command) {
  for (const auto& trace : traces_) trace->dram_command(channel, command);
}

void TraceSet::end(Cycle now) {
  now_ = now;
  for (const auto& trace : traces_) trace->end(now);
}

void TraceSet::finish(const TraceEnd& end) {
  if (!begun_) return;
  for (const auto& trace : traces_) trace->finish(end);
}

void TraceSet::finish() {
  finish(TraceEnd{now_, std::nullopt});
}

void TraceSet::finish_cut(const std::string& reason) {
  finish(TraceEnd{now_, reason});
}

std::vector<std::string> TraceSet::warnings() const {
  std::vector<std::string> all;
  for (const auto& trace : traces_) all.insert(all.end(), trace->warnings().begin(), trace->warnings().end());
  return all;
}

}  // namespace loopsim
