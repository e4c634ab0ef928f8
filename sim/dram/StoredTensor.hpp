#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/Ids.hpp"
#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Where a tensor lies in main memory: the words of the box around it, without gaps, dimension by dimension.
struct StoredTensor {
  std::uint64_t first_byte = 0;
  std::int64_t word_bits = 8;
  std::vector<Interval> box;        ///< by dimension
  std::vector<std::size_t> order;   ///< dimensions, the one that changes slowest first
  std::vector<std::int64_t> words;  ///< from one coordinate to the next, by dimension
  std::int64_t total_words = 1;

  std::int64_t bytes() const { return (total_words * word_bits + 7) / 8; }
};

/// Orders of dimensions that differ from the tensor's own.
using DimensionOrders = std::map<TensorId, std::vector<std::size_t>>;

/// Addresses for the tensors that memory 0 stores, one after the other in the order of the tensors, each from a
/// multiple of `alignment_bytes` on. Nothing for the others.
IdVector<TensorId, std::optional<StoredTensor>> place_tensors(const BoundTree& tree, std::int64_t alignment_bytes,
                                                              const DimensionOrders& orders = {});

/// Bursts first <= i < first + count; burst i begins at address i times its size.
struct BurstRun {
  std::int64_t first = 0;
  std::int64_t count = 0;

  friend bool operator==(BurstRun a, BurstRun b) { return a.first == b.first && a.count == b.count; }
};

/// The bursts that words of the tensor lie in, each once, in the order of their addresses; runs neither overlap nor
/// touch. Words outside the box have no place and are left out. Costs as many steps as there are rows of words.
std::vector<BurstRun> bursts_of(const StoredTensor& tensor, const PointSet& words, std::int64_t burst_bytes);

}  // namespace loopsim
