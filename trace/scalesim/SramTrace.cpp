#include "trace/scalesim/SramTrace.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <iterator>

#include "base/CsvField.hpp"
#include "mapping/TensorLayout.hpp"
#include "trace/sink/TensorColumns.hpp"

namespace loopsim {

void SramTrace::begin(const ObservedRun& run) {
  run_ = run;
  trains_.resize(run.schedule->stages.size());
  for (const Leaf& leaf : run.schedule->leaves) {
    step_words_.push_back(std::make_unique<StepWords>(*run.tree, leaf.program));
  }
}

void SramTrace::steps_taken(StageIndex stage, const StepTrain& train) {
  trains_[stage].push_back(train);
}

void SramTrace::write(TensorId tensor, bool write, const std::vector<std::int64_t>& words, std::int64_t first,
                      Cycle now) {
  if (words.empty()) return;
  LimitedFile& output = outputs_[{tensor, write}];
  if (!output.file) {
    output.file = std::make_unique<TraceFile>(
        folder_, fmt::format("{}_SRAM_{}_TRACE.csv", run_->tree->graph.tensors[tensor].name, write ? "WRITE" : "READ"));
  }
  if (!has_room(output, limits_, now)) return;
  line_.clear();
  line_ += fmt::format_int(now.value).c_str();
  for (const std::int64_t word : words) {
    const fmt::format_int number(first + word);
    line_ += ',';
    line_.append(number.data(), number.size());
  }
  line_ += '\n';
  output.file->write(line_);
}

void SramTrace::operation_ended(const OperationRecord& record) {
  const TileOperation& operation = *record.operation;
  StepWords& words = *step_words_[operation.leaf];
  std::vector<StepTrain>& trains = trains_[record.stage];
  if (!limits_.meets(record.start, record.end)) {
    words.skip(operation.lanes, operation.advanced);
    trains.clear();
    return;
  }
  std::size_t train = 0;
  std::int64_t step = 0;
  words.list(operation.lanes, operation.advanced, [&](const std::vector<StepWords::Access>& accesses) {
    const Cycle now = run_->clock.edge(trains[train].begin + trains[train].interval * step);
    if (limits_.contains(now)) {
      for (const StepWords::Access& access : accesses) {
        write(access.tensor, false, *access.read, access.first, now);
        write(access.tensor, true, *access.written, access.first, now);
      }
    }
    if (++step == trains[train].steps) {
      ++train;
      step = 0;
    }
    return now < limits_.to && train < trains.size();
  });
  trains.clear();
}

/// Where each tensor's words are in its numbering.
void SramTrace::write_map() const {
  TraceFile file(folder_, "sram_map.csv");
  file.write("tensor,words,dimensions,low,extent,stride_words\n");
  for (std::size_t t = 0; t < run_->tree->graph.tensors.size(); ++t) {
    const Tensor& tensor = run_->tree->graph.tensors[TensorId(t)];
    const TensorLayout layout = tensor_layout(*run_->tree, TensorId(t));
    file.write(fmt::format("{},{},{}\n", csv_field(tensor.name), layout.words,
                           tensor_columns(tensor.dimensions, layout.box, layout.strides)));
  }
  file.finish();
}

void SramTrace::finish(const TraceEnd& end) {
  if (!run_) return;
  for (auto& [key, output] : outputs_) {
    if (end.cut) {
      warn(fmt::format("'{}' ends before cycle {}, with the tile operations that had ended: {}", output.file->name(),
                       end.at.value, *end.cut));
    }
    output.file->finish();
  }
  write_map();
}

}  // namespace loopsim
