#include "trace/vcd/VcdTrace.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "trace/vcd/Vcd2fst.hpp"

namespace loopsim {

namespace {

constexpr int row_bits = 32;

constexpr int flag = 1;
constexpr int count = 64;
constexpr int depth = 16;
constexpr int index_bits = 16;

/// A name that every reader of waveforms takes.
std::string identifier(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return result;
}

}  // namespace

void VcdTrace::begin(const ObservedRun& run) {
  if (formats_.fst) require_vcd2fst();
  run_ = run;
  admitted_.resize(run.schedule->stages.size());
  writer_ = std::make_unique<VcdWriter>(folder_);
  const auto& memories = run.tree->architecture.memories;
  for (StageIndex s = 0; s < run.schedule->stages.size(); ++s) {
    const std::string scope = fmt::format("array_{}_{}", s, identifier(run.schedule->stages[s].name));
    stages_.push_back({writer_->add_signal(scope, "busy", flag), writer_->add_signal(scope, "einsum", index_bits),
                       writer_->add_signal(scope, "operation", count),
                       writer_->add_signal(scope, "operations_done", count),
                       writer_->add_signal(scope, "admitted", depth), writer_->add_signal(scope, "start_valid", flag),
                       writer_->add_signal(scope, "start_ready", flag)});
  }
  for (const HoldingNode& node : *run.nodes) {
    if (held_.count(node.level) == 0) {
      held_[node.level] = writer_->add_signal(identifier(memories[node.level.value].name), "held_words", count);
    }
  }
  for (const HoldingNode& node : *run.nodes) {
    if (!node.parent) continue;
    const LevelId parent = (*run.nodes)[*node.parent].level;
    for (const Move::Kind kind : {Move::Kind::fill, Move::Kind::drain}) {
      const bool fill = kind == Move::Kind::fill;
      const LevelId source = fill ? parent : node.level;
      const LevelId destination = fill ? node.level : parent;
      if (routes_.count({kind, source, destination}) > 0) continue;
      const std::string scope =
          fmt::format("{}_{}_to_{}", fill ? "fill" : "drain", identifier(memories[source.value].name),
                      identifier(memories[destination.value].name));
      routes_[{kind, source, destination}] = {writer_->add_signal(scope, "outstanding", depth),
                                              writer_->add_signal(scope, "submitted", count),
                                              writer_->add_signal(scope, "completed", count)};
    }
  }
  if (run.dram) {
    const DramMemory& memory = *run.dram->memory;
    dram_clock_.emplace(memory.part().clock_hz);
    geometry_.emplace(memory.part().organisation, memory.ranks());
    dram_period_ = dram_clock_->after(DramCycles(1));
  }
  const std::size_t channels = run.dram ? run.dram->memory->channels().size() : 0;
  for (std::size_t c = 0; c < channels; ++c) {
    const std::string scope = fmt::format("dram_channel_{}", c);
    channels_.push_back({writer_->add_signal(scope, "reads", count),
                         writer_->add_signal(scope, "writes", count),
                         writer_->add_signal(scope, "queue", depth),
                         {}});
    const std::uint32_t banks = geometry_->banks_in_rank() * static_cast<std::uint32_t>(run.dram->memory->ranks());
    for (std::uint32_t b = 0; b < banks; ++b) {
      const DramBankId id(b);
      const std::string name =
          fmt::format("rank_{}_group_{}_bank_{}", geometry_->rank_of(id).value,
                      geometry_->group_of(id).value % geometry_->groups_in_rank, b % geometry_->banks_in_group);
      channels_.back().banks.push_back(
          {writer_->add_signal(scope, name + "_open", flag), writer_->add_signal(scope, name + "_row", row_bits)});
    }
  }
  const Cycle last = run.clock.edge(Picoseconds(std::numeric_limits<std::int64_t>::max() / 2));
  writer_->begin(run.clock.at(limits_.from), run.clock.at(std::min(limits_.to, last)));
  for (const StageSignals& signals : stages_) writer_->change(signals.start_ready, Picoseconds(), 1);
}

/// Whether more may be written; everything before `settled` is known.
bool VcdTrace::open(Picoseconds settled) {
  if (full_at_) return false;
  if (queued_ > 0) settled = std::min(settled, dram_known_);
  writer_->settle(settled);
  if (writer_->size() < limits_.most_bytes) return true;
  full_at_ = run_->clock.edge(settled);
  warn_of_size(writer_->file_name(), limits_, *full_at_);
  return false;
}

void VcdTrace::add(VcdSignal signal, Picoseconds time, std::int64_t amount) {
  writer_->change(signal, time, writer_->value(signal) + amount);
}

VcdTrace::RouteSignals& VcdTrace::route(const Transfer& transfer) {
  return routes_.at({transfer.move.kind, transfer.source, transfer.destination});
}

void VcdTrace::transfer_submitted(const Transfer& transfer) {
  if (!open(transfer.issued)) return;
  const RouteSignals& signals = route(transfer);
  add(signals.outstanding, run_->clock.at(transfer.issued), 1);
  add(signals.submitted, run_->clock.at(transfer.issued), 1);
}

void VcdTrace::transfer_completed(const Transfer& transfer, const std::vector<OperationId>& users) {
  if (!open(transfer.completed)) return;
  const RouteSignals& signals = route(transfer);
  const Picoseconds time = run_->clock.at(transfer.completed);
  add(signals.outstanding, time, -1);
  add(signals.completed, time, 1);
  for (const OperationId& user : users) {
    const StageIndex stage = run_->schedule->leaves[user.leaf].stage;
    for (Admitted& admitted : admitted_[stage]) {
      if (admitted.id.leaf == user.leaf && admitted.id.number == user.number) --admitted.fills;
    }
    show_start(stage, time);
  }
}

/// The first of the operations that have space is the next to start.
void VcdTrace::show_start(StageIndex stage, Picoseconds time) {
  const std::deque<Admitted>& waiting = admitted_[stage];
  writer_->change(stages_[stage].admitted, time, static_cast<std::int64_t>(waiting.size()));
  writer_->change(stages_[stage].start_valid, time, !waiting.empty() && waiting.front().fills == 0 ? 1 : 0);
}

void VcdTrace::operation_admitted(StageIndex stage, const TileOperation& operation, int fills, Cycle now) {
  if (!open(now)) return;
  admitted_[stage].push_back({{operation.leaf, operation.number}, fills});
  show_start(stage, run_->clock.at(now));
}

void VcdTrace::operation_started(StageIndex stage, const TileOperation& operation, Cycle now) {
  if (!open(now)) return;
  const StageSignals& signals = stages_[stage];
  const Picoseconds time = run_->clock.at(now);
  admitted_[stage].pop_front();
  show_start(stage, time);
  writer_->change(signals.busy, time, 1);
  writer_->change(signals.start_ready, time, 0);
  writer_->change(signals.einsum, time, static_cast<std::int64_t>(operation.leaf));
  writer_->change(signals.operation, time, operation.number);
}

void VcdTrace::operation_ended(const OperationRecord& record) {
  if (!open(record.end)) return;
  const StageSignals& signals = stages_[record.stage];
  writer_->change(signals.busy, run_->clock.at(record.end), 0);
  writer_->change(signals.start_ready, run_->clock.at(record.end), 1);
  add(signals.operations_done, run_->clock.at(record.end), record.operations);
}

void VcdTrace::words_held(LevelId level, Words words, Cycle now) {
  if (open(now)) writer_->change(held_.at(level), run_->clock.at(now), words.value);
}

void VcdTrace::dram_request(const DramRequestRecord& request) {
  if (!open(request.time - dram_period_)) return;
  const ChannelSignals& signals = channels_[run_->dram->memory->channel_of(request.address)];
  add(request.write ? signals.writes : signals.reads, request.time, 1);
  if (request.forwarded) return;
  if (queued_++ == 0) dram_known_ = request.time;
  add(signals.queue, request.time, 1);
}

void VcdTrace::close_bank(std::uint32_t channel, DramBankId bank, Picoseconds time) {
  writer_->change(channels_[channel].banks[bank.value].open, time, 0);
}

void VcdTrace::dram_command(std::uint32_t channel, const DramCommandRecord& command) {
  if (full_at_) return;
  const Picoseconds time = dram_clock_->begin(command.time);
  const ChannelSignals& signals = channels_[channel];
  switch (command.command) {
    case JedecCommand::activate:
      writer_->change(signals.banks[command.bank.value].open, time, 1);
      writer_->change(signals.banks[command.bank.value].row, time, command.row);
      break;
    case JedecCommand::precharge:
      close_bank(channel, command.bank, time);
      break;
    case JedecCommand::precharge_all: {
      const std::uint32_t first = geometry_->first_bank(geometry_->rank_of(command.bank)).value;
      for (std::uint32_t b = first; b < first + geometry_->banks_in_rank(); ++b) {
        close_bank(channel, DramBankId(b), time);
      }
      break;
    }
    case JedecCommand::read_auto:
    case JedecCommand::write_auto:
      close_bank(channel, command.bank, time);
      [[fallthrough]];
    case JedecCommand::read:
    case JedecCommand::write:
      add(signals.queue, time, -1);
      --queued_;
      break;
    case JedecCommand::refresh:
    case JedecCommand::refresh_bank:
      break;
  }
}

/// GTKWave's save file: every signal, counts as decimal numbers.
void VcdTrace::write_view() const {
  TraceFile file(folder_, "trace.gtkw");
  file.write(fmt::format("[dumpfile] \"{}\"\n", formats_.fst ? "trace.fst" : writer_->file_name()));
  std::string scope;
  for (const VcdWriter::Signal& signal : writer_->signals()) {
    if (signal.scope != scope) file.write(fmt::format("@200\n-{}\n", signal.scope));
    scope = signal.scope;
    const bool one_bit = signal.bits == 1;
    const std::string range = one_bit ? "" : fmt::format("[{}:0]", signal.bits - 1);
    file.write(fmt::format("@{}\nloopsim.{}.{}{}\n", one_bit ? "28" : "24", signal.scope, signal.name, range));
  }
  file.finish();
}

void VcdTrace::finish(const TraceEnd& end) {
  if (!writer_) return;
  std::optional<std::string> cut = end.cut;
  if (full_at_ && !cut) cut = "size limit reached";
  writer_->finish(run_->clock.at(full_at_.value_or(end.at)), cut);
  // Whoever interrupts a run does not wait for the conversion.
  if (end.cut && formats_.fst) {
    warn(fmt::format("'trace.vcd' is not converted: {}", *end.cut));
    formats_.fst = false;
  }
  write_view();
  if (formats_.fst) convert_to_fst(folder_, formats_.vcd);
}

}  // namespace loopsim
