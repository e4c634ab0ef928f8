#include "trace/dram/AddressMapFile.hpp"

#include <fmt/format.h>

#include "base/CsvField.hpp"
#include "sim/dram/ObservedDram.hpp"
#include "trace/sink/TensorColumns.hpp"
#include "trace/sink/TraceFile.hpp"

namespace loopsim {

void write_address_map(const std::filesystem::path& folder, const ObservedRun& run) {
  TraceFile file(folder, "dram_map.csv");
  file.write("tensor,first_byte,bytes,word_bits,words,dimensions,low,extent,stride_words\n");
  for (std::size_t t = 0; t < run.dram->tensors.size(); ++t) {
    const TensorId id(t);
    const auto& stored = run.dram->tensors[id];
    if (!stored) continue;
    std::vector<std::string> dimensions;
    std::vector<Interval> box;
    std::vector<std::int64_t> strides;
    for (const std::size_t d : stored->order) {
      dimensions.push_back(run.tree->graph.tensors[id].dimensions[d]);
      box.push_back(stored->box[d]);
      strides.push_back(stored->words[d]);
    }
    file.write(fmt::format("{},{},{},{},{},{}\n", csv_field(run.tree->graph.tensors[id].name), stored->first_byte,
                           stored->bytes(), stored->word_bits, stored->total_words,
                           tensor_columns(dimensions, box, strides)));
  }
  file.finish();
}

void require_addresses(const ObservedRun& run, const char* trace) {
  if (run.dram) return;
  Diagnostics diagnostics;
  diagnostics.error({}, fmt::format("the trace '{}' needs the rung 'dram' or a higher one (--fidelity dram): below, "
                                    "main memory has no addresses",
                                    trace));
  throw InputError(std::move(diagnostics));
}

}  // namespace loopsim
