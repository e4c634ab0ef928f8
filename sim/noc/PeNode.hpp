#pragma once

#include <cstdint>
#include <tuple>

namespace loopsim {

/// A PE by its place in the array of a stage, from the left and from the top.
struct PeNode {
  std::int64_t column = 0;
  std::int64_t row = 0;

  friend bool operator==(PeNode a, PeNode b) { return a.column == b.column && a.row == b.row; }
  friend bool operator<(PeNode a, PeNode b) { return std::tie(a.row, a.column) < std::tie(b.row, b.column); }
  friend PeNode operator+(PeNode a, PeNode b) { return {a.column + b.column, a.row + b.row}; }
  friend PeNode operator*(PeNode a, std::int64_t n) { return {a.column * n, a.row * n}; }
};

}  // namespace loopsim
