#include "trace/TraceFormats.hpp"

#include <algorithm>
#include <string>

#include "trace/dram/DramTraces.hpp"
#include "trace/noc/NocTrace.hpp"
#include "trace/rtl/RtlKit.hpp"
#include "trace/scalesim/ScaleSimTrace.hpp"
#include "trace/scalesim/SramTrace.hpp"
#include "trace/timeline/ChromeWriter.hpp"
#include "trace/timeline/PerfettoWriter.hpp"
#include "trace/timeline/TimelineTrace.hpp"
#include "trace/vcd/VcdTrace.hpp"

namespace loopsim {

namespace {

using Path = std::filesystem::path;
using Traces = std::vector<std::unique_ptr<Trace>>;

template <class Made, class... Arguments>
Traces one(Arguments&&... arguments) {
  Traces traces;
  traces.push_back(std::make_unique<Made>(std::forward<Arguments>(arguments)...));
  return traces;
}

bool has(const TraceRequest& request, std::string_view option) {
  return std::find(request.options.begin(), request.options.end(), option) != request.options.end();
}

template <class Writer>
Traces make_timeline(const TraceRequest& request, const Path& folder, const TraceLimits& limits) {
  TimelineLevel level = TimelineLevel::tile;
  if (has(request, "layer")) level = TimelineLevel::layer;
  if (has(request, "transfer")) level = TimelineLevel::transfer;
  return one<TimelineTrace>([folder] { return std::make_unique<Writer>(folder); }, level, limits);
}

Traces make_vcd(const TraceRequest& request, const Path& folder, const TraceLimits& limits) {
  return one<VcdTrace>(folder, limits, VcdFormats{has(request, "vcd"), has(request, "fst")});
}

Traces make_dram(const TraceRequest& request, const Path& folder, const TraceLimits& limits) {
  std::vector<DramTraceStyle> styles;
  for (const std::string_view option : request.options) styles.push_back(*find_dram_trace_style(option));
  return one<DramTraces>(folder, std::move(styles), limits);
}

Traces make_scalesim(const TraceRequest& request, const Path& folder, const TraceLimits& limits) {
  Traces traces;
  for (const std::string_view option : request.options) {
    if (option == "dram") {
      traces.push_back(std::make_unique<ScaleSimTrace>(folder, limits));
    } else {
      traces.push_back(std::make_unique<SramTrace>(folder, limits));
    }
  }
  return traces;
}

Traces make_noc(const TraceRequest&, const Path& folder, const TraceLimits& limits) {
  return one<NocTrace>(folder, limits);
}

Traces make_rtl(const TraceRequest& request, const Path& folder, const TraceLimits& limits) {
  return one<RtlKit>(folder, std::stoi(std::string(request.options.front())), limits);
}

}  // namespace

const std::vector<TraceFormat>& trace_formats() {
  static const std::vector<std::string_view> levels = {"layer", "tile", "transfer"};
  static const std::vector<TraceFormat> formats = {
      {"perfetto", levels, {"tile"}, false, false, {{"trace.pftrace"}, {}}, make_timeline<PerfettoWriter>},
      {"chrome", levels, {"tile"}, false, false, {{"trace.json"}, {}}, make_timeline<ChromeWriter>},
      {"vcd", {"vcd", "fst"}, {"vcd"}, true, false, {{"trace.vcd", "trace.fst", "trace.gtkw"}, {}}, make_vcd},
      {"dram",
       {"dramsim3", "ramulator", "dramsys", "commands"},
       {"dramsim3"},
       true,
       false,
       {{"dram.dramsim3.trace", "dram.ramulator.trace", "dram.stl", "dram_commands.csv", "dram_map.csv"}, {}},
       make_dram},
      {"scalesim",
       {"dram", "sram"},
       {"dram", "sram"},
       true,
       false,
       {{"dram_map.csv", "sram_map.csv"},
        {"_DRAM_READ_TRACE.csv", "_DRAM_WRITE_TRACE.csv", "_SRAM_READ_TRACE.csv", "_SRAM_WRITE_TRACE.csv"}},
       make_scalesim},
      {"noc", {}, {}, false, false, {{"noc_packets.csv"}, {}}, make_noc},
      {"rtl",
       {"8", "16", "32", "64"},
       {"64"},
       false,
       true,
       {{"check.v", "commands.txt", "memories.csv"}, {".hex"}, "rtl"},
       make_rtl},
  };
  return formats;
}

}  // namespace loopsim
