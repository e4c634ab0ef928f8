#pragma once

#include <cstdint>

namespace loopsim {

/// PEs that spatial loops unroll over: columns along mesh axis 0, rows along axis 1.
struct MeshExtent {
  std::int64_t columns = 1;
  std::int64_t rows = 1;
};

}  // namespace loopsim
