#include "trace/rtl/RtlKit.hpp"

#include <algorithm>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <iterator>
#include <stdexcept>

#include "trace/rtl/RtlChecker.hpp"
#include "trace/rtl/RtlMemoriesFile.hpp"

namespace loopsim {

namespace {

template <class Visit>
void for_each_block(const Box& box, std::vector<Interval>& block, const Visit& visit) {
  if (block.size() == box.dimensions.size()) {
    visit(block);
    return;
  }
  for (const Interval run : box.dimensions[block.size()].runs()) {
    block.push_back(run);
    for_each_block(box, block, visit);
    block.pop_back();
  }
}

}  // namespace

RtlKit::RtlKit(const std::filesystem::path& folder, int word_bits, TraceLimits limits)
    : folder_(folder / "rtl"), word_bits_(word_bits), limits_(limits) {}

RtlKit::~RtlKit() {
  discard();
  std::error_code ignored;
  std::filesystem::remove(folder_, ignored);  // only if nothing is in it
}

/// What has been written does not appear.
void RtlKit::discard() {
  images_ = RtlImages();
  commands_.reset();
}

void RtlKit::begin(const ObservedRun& run) {
  check_word_bits(run.tree->graph, word_bits_);
  run_ = run;
  memories_.emplace(run);
  ports_ = rtl_ports(run);
  stored_ = run.dram ? run.dram->tensors : place_tensors(*run.tree, 1);
  images_ = write_rtl_images(folder_, run.tree->graph, *memories_, word_bits_);
  commands_.emplace(folder_, limits_.most_bytes);
}

const RtlRegion& RtlKit::region_at(HoldingIndex node, const Place& place) {
  return memories_->region(node, prefix_of(place, (*run_->nodes)[node].place_size));
}

/// Of main memory, in which words have the tensor's bits; 0 elsewhere.
std::int64_t RtlKit::byte_of(const RtlRegion& region, std::int64_t address) const {
  if (region.level != LevelId(0)) return 0;
  const StoredTensor& stored = *stored_[region.tensor];
  return static_cast<std::int64_t>(stored.first_byte) + (address - region.first) * stored.word_bits / 8;
}

void RtlKit::write_rows(Cycle now, std::size_t port, const char* command, const RtlRegion& region,
                        const PointSet& words, const char* rest) {
  for (const RtlRun row : memories_->runs(region, words)) {
    commands_->write(now, port, command, row.address, row.words, rest);
  }
}

void RtlKit::transfer_issued(const Transfer& transfer, Cycle now) {
  const Move& move = transfer.move;
  if (move.kind == Move::Kind::fill) return;
  for (const LaneWords& lane : move.lanes) {
    write_rows(now, ports_.read[transfer.source.value], "take", region_at(move.child, lane.place), lane.words);
  }
}

void RtlKit::transfer_completed(const Transfer& transfer, const std::vector<OperationId>&) {
  const Move& move = transfer.move;
  const bool fill = move.kind == Move::Kind::fill;
  const Cycle now = transfer.completed;
  const std::size_t from_port = ports_.read[transfer.source.value];
  const std::size_t to_port = ports_.write[transfer.destination.value];
  (fill ? filled_ : drained_) += (fill ? move.written : move.read).value;
  rest_.clear();
  fmt::format_to(std::back_inserter(rest_), FMT_COMPILE(" {} {} {} {}"), transfer.issued.value, transfer.source_bits,
                 to_port, transfer.destination_bits);
  commands_->write(now, from_port, "move", transfer.number, all_words(move.lanes), rest_);
  // The writer fetches sums that are not complete; a reader, words that are.
  const bool partial = fill && run_->tree->graph.tensors[(*run_->nodes)[move.child].tensor].writer == move.einsum;
  for (const LaneWords& lane : move.lanes) {
    const RtlRegion& child = region_at(move.child, lane.place);
    const RtlRegion& parent = region_at(move.parent, lane.place);
    const RtlRegion& from = fill ? parent : child;
    const RtlRegion& to = fill ? child : parent;
    for (const RtlRun row : memories_->runs(from, lane.words)) {
      const std::int64_t target = row.address - from.first + to.first;
      rest_.clear();
      fmt::format_to(std::back_inserter(rest_), FMT_COMPILE(" {:x} {:x}"), target,
                     fill ? byte_of(from, row.address) : byte_of(to, target));
      if (fill) rest_ += partial ? " 1" : " 0";
      commands_->write(now, fill ? from_port : to_port, fill ? "fill" : "drain", row.address, row.words, rest_);
    }
  }
}

void RtlKit::operation_ended(const OperationRecord& record) {
  ended_[{record.operation->leaf, record.operation->number}] = {record.start, record.end};
}

/// The storage node nearest to the array.
const Plan::Entry& RtlKit::innermost(const Plan& plan, TensorId tensor) const {
  for (const Plan::Entry& entry : plan.entries) {
    if (entry.innermost && (*run_->nodes)[entry.node].tensor == tensor) return entry;
  }
  throw std::logic_error("a plan lacks a tensor of its einsum");
}

void RtlKit::operation_retired(const TileOperation& operation, const Plan& plan, Cycle now) {
  const auto ended = ended_.find({operation.leaf, operation.number});
  const Span span = ended->second;
  ended_.erase(ended);
  const Leaf& leaf = run_->schedule->leaves[operation.leaf];
  const Einsum& einsum = run_->tree->graph.einsums[leaf.einsum];
  const std::size_t array = ports_.first_array + leaf.stage;
  const Plan::Entry& output = innermost(plan, einsum.output.tensor);
  const char* const identity = einsum.operation == Operation::max ? " 1" : " 0";
  for (const Plan::Lane& lane : output.lanes) {
    write_rows(now, array, "begin", region_at(output.node, lane.place), intersect(lane.stored, lane.fresh), identity);
  }
  std::map<Place, PointSet> done;  // by instance of the output's node
  ++tiles_;
  for (const ArrayLane& lane : operation.lanes) {
    if (lane.operations.empty()) continue;
    std::string bases = fmt::format("{:x}", region_at(output.node, lane.place).first);
    for (const TensorAccess& access : einsum.inputs) {
      const RtlRegion& region = region_at(innermost(plan, access.tensor).node, lane.place);
      fmt::format_to(std::back_inserter(bases), " {:x}", region.first);
    }
    PointSet& before = done[prefix_of(lane.place, (*run_->nodes)[output.node].place_size)];
    // What several instances repeat for the same copy of a word counts once.
    write_operations(operation, subtract(lane.operations, before), true, bases, span, now);
    if (operation.lanes.size() == 1) continue;
    write_operations(operation, intersect(lane.operations, before), false, bases, span, now);
    before.unite(lane.operations);
  }
  for (const Plan::Lane& lane : output.lanes) {
    write_rows(now, array, "complete", region_at(output.node, lane.place), intersect(lane.stored, lane.finished));
  }
}

void RtlKit::write_operations(const TileOperation& operation, const PointSet& operations, bool accumulate,
                              const std::string& bases, Span span, Cycle now) {
  const Leaf& leaf = run_->schedule->leaves[operation.leaf];
  std::vector<Interval> block;
  for (const Box& box : operations.boxes()) {
    for_each_block(box, block, [&](const std::vector<Interval>& bounds) {
      std::int64_t count = 1;
      rest_.clear();
      fmt::format_to(std::back_inserter(rest_), FMT_COMPILE(" {} {} {} {} {}"), leaf.einsum.value, span.start.value,
                     span.end.value, accumulate ? 1 : 0, bases);
      for (const Interval bound : bounds) {
        count *= bound.high - bound.low;
        fmt::format_to(std::back_inserter(rest_), FMT_COMPILE(" {} {}"), bound.low, bound.high);
      }
      operations_ += count;
      commands_->write(now, ports_.first_array + leaf.stage, "compute", operation.number, count, rest_);
    });
  }
}

void RtlKit::words_released(HoldingIndex node, const Place& place, const PointSet& words, Cycle now) {
  const RtlRegion& region = region_at(node, place);
  if (memories_->stays(region)) return;
  write_rows(now, ports_.read[region.level.value], "release", region, words);
}

void RtlKit::finish(const TraceEnd& end) {
  if (!commands_) return;
  const std::optional<Cycle> full = commands_->full_at();
  if (end.cut) warn(fmt::format("there is no 'rtl': the run ended at cycle {}: {}", end.at.value, *end.cut));
  if (full) {
    warn(fmt::format("there is no 'rtl': its 'commands.txt' reached {} MB at cycle {} (--trace-max-mb)",
                     limits_.most_bytes / 1'000'000, full->value));
  }
  if (end.cut || full) {
    discard();
    return;
  }
  commands_->write_end(end.at);
  TraceFile memories(folder_, "memories.csv");
  write_rtl_memories(memories, *run_->tree, *memories_, stored_);
  TraceFile checker(folder_, "check.v");
  const RtlTotals totals{end.at, filled_, drained_, operations_, tiles_};
  checker.write(rtl_checker({&*run_, &*memories_, &ports_, &images_.names, &stored_, word_bits_, totals}));
  images_.finish();
  commands_->finish();
  memories.finish();
  checker.finish();
}

}  // namespace loopsim
