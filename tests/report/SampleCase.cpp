#include "tests/report/SampleCase.hpp"

namespace loopsim::test {
namespace {

AccessMeasures access(std::size_t level, std::size_t tensor, std::size_t einsum, std::int64_t base) {
  AccessMeasures a;
  a.level = LevelId(level);
  a.tensor = TensorId(tensor);
  a.einsum = EinsumId(einsum);
  a.node = 1;
  a.reads = base + 1;
  a.writes = base + 2;
  a.fills = base + 3;
  a.parent_reads = base + 4;
  a.peer = base + 5;
  a.max_occupancy = base + 6;
  a.fill_series = std::vector<std::int64_t>{base + 7, base + 8};
  return a;
}

Measures sample_measures(std::int64_t base) {
  Measures m;
  for (std::int64_t e = 0; e < 2; ++e) {
    EinsumMeasures measures;
    measures.ops = base + 1000 * (e + 1);
    measures.space_ops = measures.ops - 100;
    measures.distinct_ops = measures.ops - 30;
    measures.steps = 500 * (e + 1);
    measures.ops_per_tile = {600, 400};
    measures.steps_per_tile = {300, 200};
    m.einsums.push_back(measures);
  }
  m.levels.push_back({base + 11, base + 12});
  m.levels.push_back({base + 21, base + 22});
  m.accesses = {access(0, 0, 0, base + 100), access(1, 1, 1, base + 200), access(2, 1, 1, base + 300)};
  EnergyMeasure read;
  read.component = "DRAM";
  read.action = "read";
  read.tensor = TensorId(0);
  read.einsum = EinsumId(0);
  read.count = base + 7;
  read.pj = 3.0;
  EnergyMeasure leak;
  leak.component = "Buffer";
  leak.action = "leak";
  leak.count = 1;
  leak.pj = 0.1 + 0.2;
  m.energy = {read, leak};
  return m;
}

}  // namespace

BoundTree sample_tree() {
  BoundTree tree;
  for (const char* name : {"A", "B", "C"}) {
    Tensor tensor;
    tensor.name = name;
    tree.graph.tensors.push_back(tensor);
    BoundTensor bound;
    bound.words = 10 * static_cast<std::int64_t>(tree.graph.tensors.size());
    tree.tensors.push_back(bound);
  }
  tree.tensors[TensorId(2)].bits = 32;
  for (const char* name : {"First", "Second"}) {
    Einsum einsum;
    einsum.name = name;
    tree.graph.einsums.push_back(einsum);
  }
  MemoryLevel dram;
  dram.name = "DRAM";
  dram.kind = MemoryKind::dram;
  MemoryLevel buffer;
  buffer.name = "Buffer";
  buffer.size_bits = 16 * 4096;
  buffer.datawidth_bits = 16;
  tree.architecture.memories = {dram, buffer};
  return tree;
}

CaseResult sample_result() {
  CaseResult result;
  result.fidelity = Fidelity::bandwidth;

  LoopTreeEstimate& estimate = result.estimate;
  estimate.measures = sample_measures(0);
  estimate.cycles = 10'240;
  estimate.compute_cycles = 9'000;
  estimate.sequential_steps = 9'500;
  estimate.hidden_steps = 500;
  estimate.memory_cycles.push_back(10'240);
  estimate.memory_cycles.push_back(77);
  estimate.bound_by = "DRAM";
  estimate.macs = 2'996;
  estimate.energy_pj = 1'234'567.0;
  estimate.required_words.push_back(60);
  estimate.required_words.push_back(2'000);
  estimate.warnings = {"a series is too long"};

  Measurement measurement;
  measurement.measures = sample_measures(5);
  measurement.cycles = 10'912;
  measurement.macs = 3'006;
  measurement.energy_pj = 1'300'000.5;
  StageAccount stage;
  stage.stage = "First+Second";
  stage.compute = 9'000;
  stage.ramp = 12;
  stage.drain = 100;
  stage.stall[static_cast<std::size_t>(StallCause::dram)] = 1'700;
  stage.stall[static_cast<std::size_t>(StallCause::dependency)] = 100;
  stage.detail = {{"stall.dram.latency", 40}};
  measurement.accounting = {stage};
  measurement.wrap_recomputed_ops.push_back(0);
  measurement.wrap_recomputed_ops.push_back(30);
  measurement.levels.push_back({60, 50, 40, std::nullopt});
  measurement.levels.push_back({1'900, 1'000, 1'500, std::nullopt});
  measurement.dram = {640, 128, 10, 2, 33, std::nullopt, {}};
  measurement.glb = {44, 55, 66, {}};
  measurement.noc = {7, 88, 99, std::nullopt, std::nullopt};
  measurement.warnings = {"the buffer is large", "a series is too long"};
  result.measurement = measurement;

  Comparison comparison;
  ComparisonEntry cycles;
  cycles.metric = "cycles";
  cycles.estimate = 10'240;
  cycles.simulation = 10'912;
  cycles.verdict = Verdict::explained;
  cycles.causes = {{"not_memory_bound", -1'240}, {"stall.dram", 1'912}};
  ComparisonEntry energy;
  energy.metric = "energy_pj";
  energy.estimate = 2.0;
  energy.simulation = 2.0;
  ComparisonEntry reads;
  reads.metric = "reads:0/A/First";
  reads.estimate = 0;
  reads.simulation = 101;
  reads.verdict = Verdict::unexplained;
  ComparisonEntry drained = reads;
  drained.metric = "reads:1/C/Second";
  drained.estimate = 40;
  drained.simulation = 70;
  drained.verdict = Verdict::explained;
  drained.causes = {{"drain_read", 30}};
  ComparisonEntry written = drained;
  written.metric = "writes:0/C/Second";
  comparison.entries = {cycles, energy, reads, drained, written};
  comparison.bridge = {{"not_memory_bound", -1'240}, {"stall.dram", 1'912}};
  result.comparison = comparison;
  return result;
}

CaseResult sample_result_with_banks() {
  CaseResult result = sample_result();
  result.fidelity = Fidelity::glb;
  JedecCounters jedec;
  jedec.row_hits = 9;
  jedec.row_misses = 2;
  jedec.row_conflicts = 1;
  jedec.refreshes = 4;
  jedec.forwarded_reads = 5;
  jedec.refresh_blocked_cycles = 160;
  jedec.turnaround_cycles = 30;
  jedec.commands = {{"ACT", 3}, {"RD", 10}};
  result.measurement->dram.jedec = jedec;
  BankCounters banks;
  banks.conflict_cycles = 700;
  banks.arbitration_cycles = 20;
  banks.line_accesses = 2'000;
  banks.busy_cycles = {1'500, 500};
  banks.layout = {{EinsumId(0), TensorId(0), 100, 1'600, 1'600, 800},
                  {EinsumId(1), TensorId(0), 10, 10, 20, 11},
                  {EinsumId(1), TensorId(1), 500, 500, 500, 500}};
  result.measurement->glb.banks = banks;
  result.estimate.layout = {
      {EinsumId(0), TensorId(0), 16, 0.125}, {EinsumId(1), TensorId(0), 2, 1.0}, {EinsumId(1), TensorId(1), 1, 1.0}};
  return result;
}

CaseResult sample_result_with_everything() {
  CaseResult result = sample_result_with_banks();
  result.fidelity = Fidelity::noc;
  Measurement& measurement = *result.measurement;
  measurement.accounting[0].ports = {{StallCause::glb, "Buffer.read", "A", "First", 31, 2, 16.5, 4}};
  DramActivity burst;
  burst.read_bytes = 64;
  burst.row_hits = 1;
  measurement.dram.series.add(Cycle(100), burst);
  NocCounters::Network network;
  network.flits = 41;
  network.flit_hops = 43;
  network.deliveries = 10;
  network.latency_cycles = 47;
  network.busiest = {{"east of (0, 0)", 21}};
  network.meshes = {{1, 2, {3}, {4}, {5}, {6}, {7}, {8}, {{0, 9, 10}}, {{1, 11, 12}}, {{2, 13, 14}}}};
  measurement.noc.network = network;
  measurement.noc.more_networks = NocCounters::MoreNetworks{3, 1'234};
  measurement.functional = FunctionalResult{100, 1, {"C[0, 1]: 5, expected 6"}};
  result.layout_advice = LayoutAdvice{640, {{TensorId(0), "CHW_C", 620}}};
  Estimate guess;
  guess.model = "guess";
  guess.cycles = 9'999;
  guess.compute_cycles = 8'888;
  guess.macs = 2'996;
  guess.energy_pj = 0.5;
  for (std::size_t level = 0; level < 2; ++level) guess.levels.push_back({51, 52, 53, 54, 55});
  result.models = {{guess, {{"cycles", 9'999, 10'912}}}};
  return result;
}

Provenance sample_provenance() {
  Provenance provenance;
  provenance.tool = {"0.1.0", "abc123", "2.3.4-Accellera"};
  provenance.inputs = {{"case.yaml", "00ff"}, {"preset:edge", "11ee"}};
  provenance.warnings = {"case.yaml:3:5: the tile is larger than the rank"};
  return provenance;
}

}  // namespace loopsim::test
