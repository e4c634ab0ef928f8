#include "trace/rtl/RtlKit.hpp"

#include <algorithm>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <iterator>
#include <set>
#include <stdexcept>

#include "sim/functional/ReferenceEvaluation.hpp"
#include "trace/rtl/RtlChecker.hpp"

namespace loopsim {

namespace {

constexpr int functional_bits = 64;

/// The low bits of the result follow from the low bits of the operands.
bool wraps(Operation operation) {
  switch (operation) {
    case Operation::mac:
    case Operation::mul:
    case Operation::add:
    case Operation::sub:
    case Operation::copy:
      return true;
    case Operation::max:
    case Operation::exp:
    case Operation::div:
    case Operation::relu:
      return false;
  }
  return false;
}

void check_operations(const EinsumGraph& graph, int word_bits) {
  if (word_bits == functional_bits) return;
  Diagnostics diagnostics;
  for (const Einsum& einsum : graph.einsums) {
    if (wraps(einsum.operation)) continue;
    diagnostics.error(einsum.where, fmt::format("the trace 'rtl:{}' keeps the low {} bits of each word, from which the "
                                                "results of einsum '{}' do not follow; leave ':{}' out",
                                                word_bits, word_bits, einsum.name, word_bits));
  }
  if (diagnostics.has_errors()) throw InputError(std::move(diagnostics));
}

IdVector<TensorId, std::string> image_names(const EinsumGraph& graph) {
  IdVector<TensorId, std::string> names(graph.tensors.size());
  std::set<std::string> taken;
  for (std::size_t t = 0; t < names.size(); ++t) {
    const Tensor& tensor = graph.tensors[TensorId(t)];
    if (tensor.writer && !tensor.readers.empty()) continue;
    std::string name = rtl_name(tensor.name);
    if (!taken.insert(name).second) name += fmt::format("_{}", t);
    taken.insert(name);
    names[TensorId(t)] = name + (tensor.writer ? ".expected.hex" : ".hex");
  }
  return names;
}

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
  files_.clear();
  std::error_code ignored;
  std::filesystem::remove(folder_, ignored);  // only if nothing is in it
}

TraceFile& RtlKit::file(const std::string& name) {
  std::unique_ptr<TraceFile>& file = files_[name];
  if (!file) file = std::make_unique<TraceFile>(folder_, name);
  return *file;
}

void RtlKit::begin(const ObservedRun& run) {
  check_operations(run.tree->graph, word_bits_);
  run_ = run;
  memories_.emplace(run);
  ports_ = rtl_ports(run);
  stored_ = run.dram ? run.dram->tensors : place_tensors(*run.tree, 1);
  images_ = image_names(run.tree->graph);
  write_images();
  commands_ = &file("commands.txt");
  commands_->write("# cycle port command address words ..: see check.v\n");
}

void RtlKit::write_images() {
  const EinsumGraph& graph = run_->tree->graph;
  IdVector<TensorId, DenseTensor> reference = evaluate_reference(graph);
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    const TensorId id(t);
    if (images_[id].empty()) continue;
    const TensorLayout& layout = memories_->layout(id);
    if (graph.tensors[id].writer) {
      if (reference[id].values.size() != layout.words) throw std::logic_error("a result's words differ in number");
      write_image(images_[id], reference[id].values);
      continue;
    }
    const std::uint64_t seed = input_seed(graph.tensors[id].name);
    std::vector<std::int64_t> values;
    values.reserve(layout.words);
    for (std::size_t i = 0; i < layout.words; ++i) {
      const std::vector<Coordinate> at = layout.coordinates_of(i);
      values.push_back(input_value(seed, at.data(), at.size()));
    }
    write_image(images_[id], values);
  }
}

void RtlKit::write_image(const std::string& name, const std::vector<std::int64_t>& values) {
  TraceFile& image = file(name);
  const std::uint64_t mask = ~std::uint64_t{0} >> (functional_bits - word_bits_);
  for (const std::int64_t value : values) {
    line_.clear();
    fmt::format_to(std::back_inserter(line_), FMT_COMPILE("{:0{}x}\n"), static_cast<std::uint64_t>(value) & mask,
                   word_bits_ / 4);
    image.write(line_);
  }
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

void RtlKit::end_line(Cycle now) {
  if (full_) return;
  line_ += '\n';
  commands_->write(line_);
  ++lines_;
  if (commands_->size() >= limits_.most_bytes) full_ = now;
}

void RtlKit::write_rows(Cycle now, std::size_t port, const char* command, const RtlRegion& region,
                        const PointSet& words, const char* rest) {
  for (const RtlRun row : memories_->runs(region, words)) {
    line_.clear();
    fmt::format_to(std::back_inserter(line_), FMT_COMPILE("{} {} {} {:x} {}{}"), now.value, port, command, row.address,
                   row.words, rest);
    end_line(now);
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
  const std::int64_t words = all_words(move.lanes);
  (fill ? filled_ : drained_) += (fill ? move.written : move.read).value;
  line_.clear();
  fmt::format_to(std::back_inserter(line_), FMT_COMPILE("{} {} move {:x} {} {} {} {} {}"), now.value, from_port,
                 transfer.number, words, transfer.issued.value, transfer.source_bits, to_port,
                 transfer.destination_bits);
  end_line(now);
  // The writer fetches sums that are not complete; a reader, words that are.
  const bool partial = fill && run_->tree->graph.tensors[(*run_->nodes)[move.child].tensor].writer == move.einsum;
  for (const LaneWords& lane : move.lanes) {
    const RtlRegion& child = region_at(move.child, lane.place);
    const RtlRegion& parent = region_at(move.parent, lane.place);
    const RtlRegion& from = fill ? parent : child;
    const RtlRegion& to = fill ? child : parent;
    for (const RtlRun row : memories_->runs(from, lane.words)) {
      const std::int64_t target = row.address - from.first + to.first;
      line_.clear();
      fmt::format_to(std::back_inserter(line_), FMT_COMPILE("{} {} {} {:x} {} {:x} {:x}"), now.value,
                     fill ? from_port : to_port, fill ? "fill" : "drain", row.address, row.words, target,
                     fill ? byte_of(from, row.address) : byte_of(to, target));
      if (fill) line_ += partial ? " 1" : " 0";
      end_line(now);
    }
  }
}

void RtlKit::operation_ended(const OperationRecord& record) {
  ended_[{record.operation->leaf, record.operation->number}] = {record.start, record.end};
}

void RtlKit::operation_retired(const TileOperation& operation, const Plan& plan, Cycle now) {
  const auto ended = ended_.find({operation.leaf, operation.number});
  const Span span = ended->second;
  ended_.erase(ended);
  const Leaf& leaf = run_->schedule->leaves[operation.leaf];
  const Einsum& einsum = run_->tree->graph.einsums[leaf.einsum];
  const std::size_t array = ports_.first_array + leaf.stage;
  const auto innermost = [&](TensorId tensor) -> const Plan::Entry& {
    for (const Plan::Entry& entry : plan.entries) {
      if (entry.innermost && (*run_->nodes)[entry.node].tensor == tensor) return entry;
    }
    throw std::logic_error("a plan lacks a tensor of its einsum");
  };
  const Plan::Entry& output = innermost(einsum.output.tensor);
  const char* const identity = einsum.operation == Operation::max ? " 1" : " 0";
  for (const Plan::Lane& lane : output.lanes) {
    write_rows(now, array, "begin", region_at(output.node, lane.place), intersect(lane.stored, lane.fresh), identity);
  }
  std::map<Place, PointSet> done;  // by instance of the output's node
  for (const ArrayLane& lane : operation.lanes) {
    if (lane.operations.empty()) continue;
    std::string bases = fmt::format("{:x}", region_at(output.node, lane.place).first);
    for (const TensorAccess& access : einsum.inputs) {
      fmt::format_to(std::back_inserter(bases), " {:x}", region_at(innermost(access.tensor).node, lane.place).first);
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
      for (const Interval bound : bounds) count *= bound.high - bound.low;
      operations_ += count;
      line_.clear();
      fmt::format_to(std::back_inserter(line_), FMT_COMPILE("{} {} compute {:x} {} {} {} {} {} {}"), now.value,
                     ports_.first_array + leaf.stage, operation.number, count, leaf.einsum.value, span.start.value,
                     span.end.value, accumulate ? 1 : 0, bases);
      for (const Interval bound : bounds) {
        fmt::format_to(std::back_inserter(line_), FMT_COMPILE(" {} {}"), bound.low, bound.high);
      }
      end_line(now);
    });
  }
}

void RtlKit::words_released(HoldingIndex node, const Place& place, const PointSet& words, Cycle now) {
  const RtlRegion& region = region_at(node, place);
  if (memories_->stays(region)) return;
  write_rows(now, ports_.read[region.level.value], "release", region, words);
}

void RtlKit::finish(const TraceEnd& end) {
  if (!run_) return;
  if (end.cut) warn(fmt::format("there is no 'rtl': the run ended at cycle {}: {}", end.at.value, *end.cut));
  if (full_) {
    warn(fmt::format("there is no 'rtl': its 'commands.txt' reached {} MB at cycle {} (--trace-max-mb)",
                     limits_.most_bytes / 1'000'000, full_->value));
  }
  if (end.cut || full_) {
    files_.clear();
    return;
  }
  line_ = fmt::format("{} 0 end 0 {}", end.at.value, lines_);
  end_line(end.at);
  write_rtl_memories(file("memories.csv"), *run_, *memories_, stored_);
  RtlTotals totals{end.at, filled_, drained_, operations_};
  file("check.v").write(rtl_checker({&*run_, &*memories_, &ports_, &images_, &stored_, word_bits_, totals}));
  for (const auto& [name, written] : files_) written->finish();
}

}  // namespace loopsim
