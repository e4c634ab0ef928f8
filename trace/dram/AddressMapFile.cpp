#include "trace/dram/AddressMapFile.hpp"

#include <fmt/format.h>

#include "trace/TraceFile.hpp"

namespace loopsim {

void write_address_map(const std::filesystem::path& folder, const ObservedRun& run) {
  TraceFile file(folder, "dram_map.csv");
  file.write("tensor,first_byte,bytes,word_bits,words,dimensions,low,extent,stride_words\n");
  for (std::size_t t = 0; t < run.dram->tensors.size(); ++t) {
    const TensorId id(t);
    const auto& stored = run.dram->tensors[id];
    if (!stored) continue;
    std::vector<std::string> names;
    std::vector<Coordinate> lows, extents;
    std::vector<std::int64_t> strides;
    for (const std::size_t d : stored->order) {
      names.push_back(run.tree->graph.tensors[id].dimensions[d]);
      lows.push_back(stored->box[d].low);
      extents.push_back(stored->box[d].high - stored->box[d].low);
      strides.push_back(stored->words[d]);
    }
    file.write(fmt::format("{},{},{},{},{},{},{},{},{}\n", run.tree->graph.tensors[id].name, stored->first_byte,
                           stored->bytes(), stored->word_bits, stored->total_words, fmt::join(names, " "),
                           fmt::join(lows, " "), fmt::join(extents, " "), fmt::join(strides, " ")));
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
