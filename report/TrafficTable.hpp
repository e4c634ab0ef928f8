#pragma once

#include <cstddef>

#include "mapping/BoundTree.hpp"
#include "mapping/Measures.hpp"
#include "report/TableLines.hpp"

namespace loopsim {

/// The words that memories were read and written, tensor by tensor for main memory and the global buffer, the sum for
/// private buffers further in. Without `simulated` the estimate alone. `all`: every tensor of every memory.
void add_traffic(TableLines& lines, const BoundTree& tree, const Measures& estimated, const Measures* simulated,
                 bool all);

}  // namespace loopsim
