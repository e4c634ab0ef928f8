#pragma once

#include <cstdint>
#include <vector>

#include "mapping/sets/PointSet.hpp"
#include "sim/pe_array/PeStrides.hpp"

namespace loopsim {

/// Words that the same PEs take from the parent's memory, or, of an output, sum up for it.
struct WordShare {
  std::int64_t words = 0;
  bool begins = false;        ///< of an output: accumulation begins, so that nothing is read
  std::vector<PeNode> nodes;  ///< sorted, each once
};

/// A set cut into pieces whose points are each in the same ones of some sets.
struct Atom {
  PointSet points;
  std::vector<std::size_t> in;  ///< numbers of those sets, ascending
};
std::vector<Atom> atoms_of(const std::vector<PointSet>& sets);

}  // namespace loopsim
