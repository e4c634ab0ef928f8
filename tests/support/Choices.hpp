#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace loopsim {

/// Decisions for a random structure, taken from a list of numbers: the same list gives the same structure. Zeros, and
/// what lies past the end, decide for the simplest, so that a property test finds a small counterexample by lowering
/// numbers.
class Choices {
 public:
  explicit Choices(std::vector<std::uint32_t> numbers) : numbers_(std::move(numbers)) {}

  /// 0 to n - 1; n > 0.
  std::size_t below(std::size_t n) { return next() % n; }
  /// low to high, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::size_t>(high - low + 1)));
  }
  /// True in so many of 100 cases; never past the end.
  bool chance(std::size_t percent) { return below(100) >= 100 - percent; }
  template <class T>
  const T& of(const std::vector<T>& items) {
    return items[below(items.size())];
  }

 private:
  std::uint32_t next() { return at_ < numbers_.size() ? numbers_[at_++] : 0; }

  std::vector<std::uint32_t> numbers_;
  std::size_t at_ = 0;
};

/// Numbers for Choices drawn from a seed.
std::vector<std::uint32_t> random_numbers(std::uint64_t seed, std::size_t count = 400);

}  // namespace loopsim
