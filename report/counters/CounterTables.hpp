#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "arch/Architecture.hpp"
#include "mapping/Measures.hpp"
#include "models/Estimate.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"
#include "report/counters/Counter.hpp"
#include "runs/Ladder.hpp"
#include "sim/attribution/Measurement.hpp"
#include "sim/checks/LayoutAdvice.hpp"

namespace loopsim {

/// Tables of all counters of stats.json, by what they count. counter_texts() has to know each of them.

/// Totals of an estimate or a run; absent is what it does not know.
struct RunTotals {
  std::optional<std::int64_t> cycles;
  std::optional<std::int64_t> compute_cycles;
  std::optional<std::int64_t> macs;
  std::optional<double> energy_pj;
};

RunTotals totals_of(const Estimate& estimate);
RunTotals totals_of(const LoopTreeEstimate& estimate);
RunTotals totals_of(const Measurement& measurement);

const CounterTable<RunTotals>& cycle_counters();
const CounterTable<RunTotals>& compute_counters();
const CounterTable<RunTotals>& work_counters();
const CounterTable<LoopTreeEstimate>& pipeline_counters();  ///< what LoopTree says of steps besides
const CounterTable<BridgeEntry>& bridge_counters();
const CounterTable<LadderRung>& rung_counters();
const CounterTable<LadderRung>& alone_counters();
const CounterTable<BridgeEntry>& rung_cause_counters();
const CounterTable<FunctionalResult>& functional_counters();
const CounterTable<NocCounters::MoreNetworks>& network_advice_counters();
const CounterTable<LayoutAdvice>& layout_advice_counters();
const CounterTable<AdvisedLayout>& advised_layout_counters();

/// Size of a tensor.
struct TensorSize {
  std::int64_t words = 0;
  std::int64_t bits = 0;  ///< of one word
};

const CounterTable<EinsumMeasures>& einsum_counters();
const CounterTable<std::int64_t>& wrap_counters();
const CounterTable<TensorSize>& tensor_counters();
const CounterTable<EnergyMeasure>& energy_counters();

/// What both sides count of a memory, as far as a model's figures have it.
LevelEstimate level_traffic(const LevelMeasures& measures);
/// What LoopTree says of a memory besides.
LevelEstimate level_needs(const LoopTreeEstimate& estimate, LevelId level);

const CounterTable<MemoryLevel>& level_size_counters();
const CounterTable<LevelEstimate>& level_traffic_counters();
const CounterTable<LevelEstimate>& level_fill_counters();
const CounterTable<LevelEstimate>& level_space_counters();
const CounterTable<LevelEstimate>& level_time_counters();
const CounterTable<LevelOccupancy>& occupancy_counters();

/// Of an access, of which the array's have the second table alone.
const CounterTable<AccessMeasures>& node_counters();
const CounterTable<AccessMeasures>& supply_counters();
const CounterTable<AccessMeasures>& tile_counters();

/// Cycles of a cause, by its name.
using CauseCycles = std::pair<const std::string, std::int64_t>;

const CounterTable<StageAccount>& stage_counters();
const CounterTable<StageAccount>& stall_counters();  ///< in the order of StallCause
const CounterTable<CauseCycles>& stage_detail_counters();
const CounterTable<StageAccount>& stage_total_counters();
const CounterTable<PortNeed>& port_counters();

/// How many commands of a name were sent.
using CommandCount = std::pair<std::string, std::int64_t>;

const CounterTable<DramCounters>& dram_row_counters();
const CounterTable<DramCounters>& dram_counters();
const CounterTable<JedecCounters>& jedec_counters();
const CounterTable<CommandCount>& command_counters();
const CounterTable<DramCounters>& dram_series_counters();

const CounterTable<GlbCounters>& bank_counters();
const CounterTable<GlbCounters>& glb_counters();
const CounterTable<LayoutCounters>& layout_counters();
const CounterTable<LayoutSlowdown>& layout_estimate_counters();

const CounterTable<NocCounters>& noc_counters();
const CounterTable<NocCounters::Link>& link_counters();
const CounterTable<MeshLoad>& mesh_counters();
const CounterTable<MeshLoad::Port>& mesh_port_counters();

}  // namespace loopsim
