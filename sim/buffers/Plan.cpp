#include "sim/buffers/Plan.hpp"

namespace loopsim {

std::int64_t bits_of_instance(const LevelBits& bits, const std::pair<LevelId, Place>& instance) {
  std::int64_t total = 0;
  for (const auto& [other, amount] : bits) {
    if (other.first == instance.first && starts_with(instance.second, other.second)) total += amount;
  }
  return total;
}

}  // namespace loopsim
