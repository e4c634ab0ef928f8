#include "sim/sequencer/SpaceAhead.hpp"

#include <algorithm>

namespace loopsim {

SpaceAhead::SpaceAhead(const Architecture& architecture, std::map<LevelId, std::int64_t> minimum_bits)
    : architecture_(&architecture), minimum_bits_(std::move(minimum_bits)) {}

SpaceAhead::Space SpaceAhead::space_of(const Plan& plan) {
  LevelBits instances = plan.kept;
  for (const auto& [instance, bits] : plan.bits) instances[instance] += bits;
  Space most;
  for (const auto& [instance, bits] : instances) {
    most[instance.first] = std::max(most[instance.first], bits_of_instance(instances, instance));
  }
  return most;
}

std::optional<LevelId> SpaceAhead::take(const Plan& plan) {
  Space space = space_of(plan);
  for (const auto& [level, bits] : space) {
    const auto& size = architecture_->memories[level.value].size_bits;
    if (!size) continue;
    const auto minimum = minimum_bits_.find(level);
    const std::int64_t spare = *size - (minimum == minimum_bits_.end() ? 0 : minimum->second);
    if (sum_[level] + bits > spare) return level;
  }
  for (const auto& [level, bits] : space) sum_[level] += bits;
  taken_.push_back({plan.time, std::move(space)});
  return std::nullopt;
}

void SpaceAhead::come_to(const std::optional<TimeIndex>& first) {
  const auto come = [&](const Taken& taken) { return !first || !(*first < taken.time); };
  for (const Taken& taken : taken_) {
    if (!come(taken)) continue;
    for (const auto& [level, bits] : taken.bits) sum_[level] -= bits;
  }
  taken_.erase(std::remove_if(taken_.begin(), taken_.end(), come), taken_.end());
}

}  // namespace loopsim
