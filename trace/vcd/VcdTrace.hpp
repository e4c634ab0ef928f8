#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include "sim/dram/DramClock.hpp"
#include "trace/Trace.hpp"
#include "trace/vcd/VcdWriter.hpp"

namespace loopsim {

/// The machine's modules as waveforms (trace.vcd), and how to show them in GTKWave (trace.gtkw).
class VcdTrace : public Trace {
 public:
  VcdTrace(std::filesystem::path folder, TraceLimits limits) : folder_(std::move(folder)), limits_(limits) {}

  void begin(const ObservedRun& run) override;
  void transfer_submitted(const Transfer& transfer) override;
  void transfer_completed(const Transfer& transfer, const std::vector<OperationId>& users) override;
  void operation_started(StageIndex stage, const TileOperation& operation, Cycle now) override;
  void operation_ended(const OperationRecord& record) override;
  void words_held(LevelId level, Words words, Cycle now) override;
  void dram_request(const DramRequestRecord& request) override;
  void finish(const TraceEnd& end) override;

 private:
  struct StageSignals {
    VcdSignal busy, einsum, operation, operations_done;
  };
  struct RouteSignals {
    VcdSignal outstanding, submitted, completed;
  };
  struct ChannelSignals {
    VcdSignal reads, writes;
  };
  using Route = std::tuple<Move::Kind, LevelId, LevelId>;

  bool open(Picoseconds settled);
  bool open(Cycle now) { return open(run_->clock.at(now)); }
  void add(VcdSignal signal, Picoseconds time, std::int64_t amount);
  RouteSignals& route(const Transfer& transfer);
  void write_view() const;

  std::filesystem::path folder_;
  TraceLimits limits_;
  std::optional<ObservedRun> run_;
  std::unique_ptr<VcdWriter> writer_;
  std::vector<StageSignals> stages_;
  std::map<Route, RouteSignals> routes_;
  std::map<LevelId, VcdSignal> held_;
  std::vector<ChannelSignals> channels_;
  Picoseconds dram_period_;  ///< requests are this much ahead of everything else at most
  std::optional<Cycle> full_at_;
};

}  // namespace loopsim
