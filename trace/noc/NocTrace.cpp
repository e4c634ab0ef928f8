#include "trace/noc/NocTrace.hpp"

#include <algorithm>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <iterator>

#include "base/CsvField.hpp"

namespace loopsim {

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

/// Cycles; thousandths where a time does not lie on an edge of the clock.
void append_cycles(std::string& line, Picoseconds time, Clock clock) {
  fmt::format_to(std::back_inserter(line), FMT_COMPILE("{}"), time.value / clock.period.value);
  const std::int64_t rest = time.value % clock.period.value;
  if (rest != 0) fmt::format_to(std::back_inserter(line), FMT_COMPILE(".{:03}"), rest * 1000 / clock.period.value);
}

/// The steps that begin in from <= time < to.
StepTrain within(const StepTrain& train, Picoseconds from, Picoseconds to) {
  const auto steps_before = [&](Picoseconds time) {
    if (time <= train.begin) return std::int64_t{0};
    // `time` may be the end of all times, so nothing may be added to it.
    return std::min(train.steps, ((time - train.begin).value - 1) / train.interval.value + 1);
  };
  const std::int64_t first = steps_before(from);
  StepTrain part = train;
  part.begin = train.begin + train.interval * first;
  part.steps = steps_before(to) - first;
  return part;
}

}  // namespace

void NocTrace::begin(const ObservedRun& run) {
  if (run.network == nullptr) {
    Diagnostics diagnostics;
    diagnostics.error({},
                      "the trace 'noc' needs the rung 'noc' (--fidelity noc): below, words between memories and "
                      "arrays are no packets");
    throw InputError(std::move(diagnostics));
  }
  run_ = run;
  operations_.resize(run.schedule->stages.size());
  for (const Leaf& leaf : run.schedule->leaves) {
    const Einsum& einsum = run.tree->graph.einsums[leaf.einsum];
    std::vector<std::string>& names = tensors_.emplace_back();
    for (const TensorAccess& input : einsum.inputs)
      names.push_back(csv_field(run.tree->graph.tensors[input.tensor].name));
    names.push_back(csv_field(run.tree->graph.tensors[einsum.output.tensor].name));
  }
  output_.file = std::make_unique<TraceFile>(folder_, "noc_packets.csv");
  output_.file->write(
      "cycle,count,interval,network,kind,source,destinations,flits,bits,tensor,einsum,stage,tile,together\n");
}

void NocTrace::operation_started(StageIndex stage, const TileOperation& operation, Cycle) {
  const Leaf& leaf = run_->schedule->leaves[operation.leaf];
  operations_[stage] = {operation.leaf,
                        fmt::format("{},{},{}", csv_field(run_->tree->graph.einsums[leaf.einsum].name),
                                    csv_field(run_->schedule->stages[stage].name), fmt::join(operation.time, " "))};
}

const std::vector<NocTrace::PacketText>& NocTrace::packets_of(LoadId load) {
  if (loads_.size() <= load.value) loads_.resize(load.value + 1);
  auto& known = loads_[load.value];
  if (known) return *known;
  known.emplace();
  for (const ArrayNetwork::LoadPacket& one : run_->network->packets(load)) {
    const bool sum = one.packet.kind == PacketKind::sum;
    const std::string root = run_->network->describe({one.packet.root});
    const std::string leaves = run_->network->describe(one.packet.leaves);
    known->push_back({one.operand, one.count,
                      fmt::format("{},{},{},{},{},{}", one.network, sum ? "sum" : "copy", sum ? leaves : root,
                                  sum ? root : leaves, one.packet.flits, one.bits)});
  }
  return *known;
}

void NocTrace::steps_taken(StageIndex stage, const StepTrain& train) {
  if (train.load == LoadId()) return;
  const Clock clock = run_->clock;
  const auto time_of = [&](Cycle cycle) {
    return cycle.value > most / clock.period.value ? Picoseconds(most) : clock.at(cycle);
  };
  const StepTrain shown = within(train, time_of(limits_.from), time_of(limits_.to));
  if (shown.steps <= 0) return;
  const Operation& operation = operations_[stage];
  for (const PacketText& packet : packets_of(train.load)) {
    if (!has_room(output_, limits_, clock.edge(shown.begin))) return;
    line_.clear();
    append_cycles(line_, shown.begin, clock);
    fmt::format_to(std::back_inserter(line_), FMT_COMPILE(",{},"), shown.steps * packet.count);
    append_cycles(line_, shown.steps > 1 ? shown.interval : Picoseconds(), clock);
    fmt::format_to(std::back_inserter(line_), FMT_COMPILE(",{},{},{},{}\n"), packet.columns,
                   tensors_[operation.leaf][packet.operand], operation.columns, packet.count);
    output_.file->write(line_);
  }
}

void NocTrace::finish(const TraceEnd& end) {
  if (output_.file) finish_file(*output_.file, end);
}

}  // namespace loopsim
