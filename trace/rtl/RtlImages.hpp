#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "trace/rtl/RtlMemories.hpp"
#include "trace/sink/TraceFile.hpp"

namespace loopsim {

/// Throws InputError, with all places, if results do not follow from the low `word_bits` bits of each operand.
void check_word_bits(const EinsumGraph& graph, int word_bits);

/// The memory images of a kit, for $readmemh: what inputs hold and what results have to come to.
struct RtlImages {
  IdVector<TensorId, std::string> names;          ///< of the files; empty: the tensor has none
  std::vector<std::unique_ptr<TraceFile>> files;  ///< written, to be finished

  void finish();
};

/// The low `word_bits` bits (8, 16, 32 or 64) of each value, in the order of the tensors' layouts. Throws LimitError if
/// the workload is too large to be evaluated directly.
RtlImages write_rtl_images(const std::filesystem::path& folder, const EinsumGraph& graph, const RtlMemories& memories,
                           int word_bits);

}  // namespace loopsim
