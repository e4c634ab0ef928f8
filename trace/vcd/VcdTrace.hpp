#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <memory>

#include "sim/dram/DramClock.hpp"
#include "trace/sink/Trace.hpp"
#include "trace/vcd/VcdWriter.hpp"

namespace loopsim {

/// Which files are left.
struct VcdFormats {
  bool vcd = true;
  bool fst = false;  ///< converted at the end
};

/// The machine's modules as waveforms (trace.vcd), and how to show them in GTKWave (trace.gtkw).
class VcdTrace : public Trace {
 public:
  VcdTrace(std::filesystem::path folder, TraceLimits limits, VcdFormats formats)
      : folder_(std::move(folder)), limits_(limits), formats_(formats) {}

  void begin(const ObservedRun& run) override;
  void transfer_submitted(const Transfer& transfer) override;
  void transfer_completed(const Transfer& transfer, const std::vector<OperationId>& users) override;
  void operation_admitted(StageIndex stage, const TileOperation& operation, int fills, Cycle now) override;
  void operation_started(StageIndex stage, const TileOperation& operation, Cycle now) override;
  void operation_ended(const OperationRecord& record) override;
  void words_held(LevelId level, Words words, Cycle now) override;
  void dram_request(const DramRequestRecord& request) override;
  void dram_command(std::uint32_t channel, const DramCommandRecord& command) override;
  void dram_commands_known(Picoseconds until) override { dram_known_ = until; }
  void finish(const TraceEnd& end) override;

 private:
  struct StageSignals {
    VcdSignal busy, einsum, operation, operations_done, admitted, start_valid, start_ready;
  };
  struct RouteSignals {
    VcdSignal outstanding, submitted, completed;
  };
  struct ChannelSignals {
    VcdSignal reads, writes, queue;
    struct Bank {
      VcdSignal open, row;
    };
    std::vector<Bank> banks;
  };
  /// An operation that has space and has not started.
  struct Admitted {
    OperationId id;
    int fills = 0;  ///< that it waits for
  };
  using Route = std::tuple<Move::Kind, LevelId, LevelId>;

  bool open(Picoseconds settled);
  bool open(Cycle now) { return open(run_->clock.at(now)); }
  void add(VcdSignal signal, Picoseconds time, std::int64_t amount);
  RouteSignals& route(const Transfer& transfer);
  void show_start(StageIndex stage, Picoseconds time);
  void close_bank(std::uint32_t channel, DramBankId bank, Picoseconds time);
  void write_view() const;

  std::filesystem::path folder_;
  TraceLimits limits_;
  VcdFormats formats_;
  std::optional<ObservedRun> run_;
  std::unique_ptr<VcdWriter> writer_;
  std::vector<StageSignals> stages_;
  std::map<Route, RouteSignals> routes_;
  std::map<LevelId, VcdSignal> held_;
  std::vector<ChannelSignals> channels_;
  std::vector<std::deque<Admitted>> admitted_;  ///< by stage, in order
  std::optional<DramClock> dram_clock_;
  std::optional<DramGeometry> geometry_;
  std::int64_t queued_ = 0;  ///< requests without a command so far
  Picoseconds dram_known_;   ///< their commands come from here on
  Picoseconds dram_period_;  ///< requests are this much ahead of everything else at most
  std::optional<Cycle> full_at_;
};

}  // namespace loopsim
