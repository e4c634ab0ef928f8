#pragma once

#include <cstdint>
#include <vector>

#include "mapping/LineMap.hpp"
#include "sim/ports/ArrayStep.hpp"

namespace loopsim {

/// Where the lines of one tensor lie in the banks of level 1: line n in bank (first bank + n) mod banks.
class TensorLines {
 public:
  TensorLines(LineMap map, std::size_t banks, std::int64_t first_bank);

  std::size_t banks() const { return banks_; }
  std::size_t bank_of(std::int64_t line) const;
  std::size_t bank_of(const std::vector<Coordinate>& word) const { return bank_of(map_.line_of(word)); }

  /// Distinct lines that hold some of these words, by bank. `words` must be disjoint; all of them lie `offset` further.
  BankLines lines_of(const std::vector<Box>& words, const std::vector<Coordinate>& offset) const;

  /// Appends numbers that are equal for positions from which the same shape touches as many lines of the same banks.
  void append_position(std::vector<std::int64_t>& key, const std::vector<Coordinate>& word) const;

 private:
  Box lines_of(const Box& words, const std::vector<Coordinate>& offset) const;
  void add_to_banks(const Box& lines, BankLines& by_bank) const;

  LineMap map_;
  std::size_t banks_;
  std::size_t first_bank_;
};

/// Of each tensor; empty if level 1 has no banks.
std::vector<TensorLines> tensor_lines(const BoundTree& tree);

}  // namespace loopsim
