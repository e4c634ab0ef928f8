#include "trace/scalesim/ScaleSimTrace.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <iterator>

#include "trace/dram/AddressMapFile.hpp"

namespace loopsim {

void ScaleSimTrace::begin(const ObservedRun& run) {
  require_addresses(run, "scalesim:dram");
  run_ = run;
}

void ScaleSimTrace::dram_request(const DramRequestRecord& request) {
  const Cycle now = run_->clock.edge(request.time);
  if (!limits_.contains(now)) return;
  const TensorId tensor = (*run_->nodes)[request.transfer->move.child].tensor;
  LimitedFile& output = outputs_[{tensor, request.write}];
  if (!output.file) {
    output.file = std::make_unique<TraceFile>(
        folder_,
        fmt::format("{}_DRAM_{}_TRACE.csv", run_->tree->graph.tensors[tensor].name, request.write ? "WRITE" : "READ"));
  }
  if (!has_room(output, limits_, now)) return;
  const StoredTensor& stored = *run_->dram->tensors[tensor];
  const std::int64_t first_bit = static_cast<std::int64_t>(stored.first_byte) * 8;
  const std::int64_t begin = static_cast<std::int64_t>(request.address) * 8 - first_bit;
  const std::int64_t burst_bits = run_->dram->memory->burst_bytes() * 8;
  // Words that begin in the burst; -1 beyond the tensor, so that all rows have as many columns.
  const std::int64_t columns = (burst_bits + stored.word_bits - 1) / stored.word_bits;
  const std::int64_t first = (begin + stored.word_bits - 1) / stored.word_bits;
  line_.clear();
  fmt::format_to(std::back_inserter(line_), FMT_COMPILE("{}"), now.value);
  for (std::int64_t word = first; word < first + columns; ++word) {
    const bool exists = word * stored.word_bits < begin + burst_bits && word < stored.total_words;
    fmt::format_to(std::back_inserter(line_), FMT_COMPILE(",{}"), exists ? word : -1);
  }
  line_ += '\n';
  output.file->write(line_);
}

void ScaleSimTrace::finish(const TraceEnd& end) {
  if (!run_) return;
  for (auto& [key, output] : outputs_) finish_file(*output.file, end);
  write_address_map(folder_, *run_);
}

}  // namespace loopsim
