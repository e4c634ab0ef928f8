#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace loopsim {

/// What one buffer holds and receives of a tensor on behalf of one einsum, in words over all instances.
struct AccessCounts {
  std::int64_t fills = 0;          ///< R5
  std::int64_t peer = 0;           ///< words of the fills that neighbours hand over, R6
  std::int64_t parent_reads = 0;   ///< the rest, each word once for all lanes that need it
  std::int64_t max_occupancy = 0;  ///< of one instance
  std::size_t series_length = 0;
  /// One entry an iteration and instance, row-major; nothing if not asked for or longer than `longest_series`.
  std::optional<std::vector<std::int64_t>> fill_series;
  std::optional<std::vector<std::int64_t>> occupancy_series;
};

}  // namespace loopsim
