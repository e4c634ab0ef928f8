#include "tests/support/Choices.hpp"

#include <random>

namespace loopsim {

std::vector<std::uint32_t> random_numbers(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::vector<std::uint32_t> numbers(count);
  for (std::uint32_t& number : numbers) number = static_cast<std::uint32_t>(random() % 65536);
  return numbers;
}

}  // namespace loopsim
