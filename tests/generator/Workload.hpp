#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace loopsim::generator {

struct Rank {
  std::string name;
  int extent = 1;
};

struct Term {
  int coefficient = 1;
  std::size_t rank = 0;  ///< of the einsum
};

/// Where an operation reaches along one dimension of a tensor.
struct Index {
  std::vector<Term> terms;
  int constant = 0;
};

struct Access {
  std::size_t tensor = 0;
  std::vector<Index> indices;  ///< one for each axis of the tensor
};

struct Einsum {
  std::string name;
  std::vector<Rank> ranks;
  std::vector<Access> reads;
  Access write;
  std::string operation = "mac";
};

struct Tensor {
  std::string name;
  std::string axes;  ///< a letter for each dimension: C, H, W of an image, T, F of a matrix, …
  std::vector<int> extents;
  bool shaped = false;  ///< its extents are given as `shape`
};

/// Einsums in an order in which producers come first.
struct Workload {
  std::vector<Einsum> einsums;
  std::vector<Tensor> tensors;
  bool pads = false;       ///< some projection reaches outside its tensor
  bool strides = false;    ///< some window moves by more than a word
  bool names_axes = true;  ///< the dimensions of tensors are written, so that layouts can name them
};

inline std::int64_t operations(const Einsum& einsum) {
  std::int64_t product = 1;
  for (const Rank& rank : einsum.ranks) product *= rank.extent;
  return product;
}

inline std::int64_t words(const Tensor& tensor) {
  std::int64_t product = 1;
  for (const int extent : tensor.extents) product *= extent;
  return product;
}

/// The einsum that writes a tensor, or the number of einsums for an input.
inline std::size_t writer_of(const Workload& workload, std::size_t tensor) {
  std::size_t writer = 0;
  while (writer < workload.einsums.size() && workload.einsums[writer].write.tensor != tensor) ++writer;
  return writer;
}

inline std::vector<std::size_t> readers_of(const Workload& workload, std::size_t tensor) {
  std::vector<std::size_t> readers;
  for (std::size_t e = 0; e < workload.einsums.size(); ++e) {
    for (const Access& read : workload.einsums[e].reads) {
      if (read.tensor == tensor) readers.push_back(e);
    }
  }
  return readers;
}

inline bool is_input(const Workload& workload, std::size_t tensor) {
  return writer_of(workload, tensor) == workload.einsums.size();
}

}  // namespace loopsim::generator
