#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dram/DramClock.hpp"
#include "trace/sink/Trace.hpp"

namespace loopsim {

/// A file of the trace, by what reads it.
enum class DramTraceStyle { dramsim3, ramulator, dramsys, commands };
std::optional<DramTraceStyle> find_dram_trace_style(std::string_view word);

/// The bursts that main memory was asked for, as other simulators read them, and the commands that it was sent.
class DramTraces : public Trace {
 public:
  DramTraces(std::filesystem::path folder, std::vector<DramTraceStyle> styles, TraceLimits limits)
      : folder_(std::move(folder)), styles_(std::move(styles)), limits_(limits) {}

  void begin(const ObservedRun& run) override;
  void dram_request(const DramRequestRecord& request) override;
  void dram_command(std::uint32_t channel, const DramCommandRecord& command) override;
  void finish(const TraceEnd& end) override;

 private:
  struct Output : LimitedFile {
    DramTraceStyle style = DramTraceStyle::dramsim3;
  };

  bool open(Output& output, Cycle now);

  std::filesystem::path folder_;
  std::vector<DramTraceStyle> styles_;
  TraceLimits limits_;
  std::optional<ObservedRun> run_;
  std::optional<DramClock> clock_;
  std::optional<DramGeometry> geometry_;
  std::vector<Output> outputs_;
  std::string line_;
  bool long_cycle_ = false;  ///< DRAMSys cannot read it
};

}  // namespace loopsim
