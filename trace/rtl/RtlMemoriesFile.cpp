#include "trace/rtl/RtlMemoriesFile.hpp"

#include <fmt/format.h>

#include "base/CsvField.hpp"
#include "trace/sink/TensorColumns.hpp"

namespace loopsim {

void write_rtl_memories(TraceFile& file, const BoundTree& tree, const RtlMemories& memories,
                        const IdVector<TensorId, std::optional<StoredTensor>>& stored) {
  file.write("address,words,memory,tensor,first_byte,word_bits,dimensions,low,extent,stride_words\n");
  for (const RtlRegion& region : memories.regions()) {
    const TensorLayout& layout = memories.layout(region.tensor);
    const bool outermost = region.level == LevelId(0);
    file.write(fmt::format("{:x},{},{},{},{},{},{}\n", region.first, region.words, csv_field(region.memory),
                           csv_field(region.tensor_name),
                           outermost ? std::to_string(stored[region.tensor]->first_byte) : "",
                           word_bits(tree, region.tensor, region.level),
                           tensor_columns(tree.graph.tensors[region.tensor].dimensions, layout.box, layout.strides)));
  }
}

}  // namespace loopsim
